"""Which entities a stranger's table speaks of: the W3C Entity Reconciliation API 0.2 as OpenRefine and others speak it.

`messages` has its words, `candidates` finds, `scoring` weighs, `properties` are what can be asked of an entity, `manifest` says all this.
"""
