"""The service manifest: what a client of the Reconciliation API is told before it asks."""

from importlib.metadata import version
from typing import Any

from api.reconciliation.labels import kind_type
from kg.model import Kind
from ontology.terms import KG

BATCH = 50  # queries in a batch
PREVIEW = (420, 260)  # pixels


def manifest(root: str, base: str) -> dict[str, Any]:
    """Return the manifest of a service reached at `root`, an address without a slash at its end, over data under the IRI `base`."""
    width, height = PREVIEW
    return {
        "versions": ["0.2"],
        "name": "企业言论图谱 · Corporate statements",
        "identifierSpace": f"{base}entity/",
        "schemaSpace": str(KG.Entity),
        "defaultTypes": [kind_type(kind).model_dump(exclude_none=True) for kind in Kind],
        "documentation": f"{root}/docs",
        "serviceVersion": version("corporate-statement-kg"),
        "view": {"url": f"{root}/entities/{{{{id}}}}"},
        "feature_view": {"url": f"{root}/reconcile/features/{{{{id}}}}"},
        "preview": {"url": f"{root}/reconcile/preview?id={{{{id}}}}", "width": width, "height": height},
        "suggest": {
            thing: {
                "service_url": root,
                "service_path": f"/reconcile/suggest/{thing}",
                "flyout_service_url": root,
                "flyout_service_path": f"/reconcile/flyout/{thing}?id=${{id}}",
            }
            for thing in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/reconcile/properties"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "最多几项 · how many",
                    "type": "number",
                    "default": 0,
                    "help_text": "最多返回几个值，0 为默认。At most so many values; 0 leaves it to the service.",
                }
            ],
        },
        "batchSize": BATCH,
    }
