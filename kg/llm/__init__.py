"""A chat model as the reader, where the user has one: it proposes statements, and only what the text bears out is taken.

`endpoint` where it is reached, `chat` how it is asked, `chunks` and `prompt` what it is shown, `answers` and `verification` what
is made of its answer, `agreement` what two readers make of one text, `reader` all of it in its order.
"""
