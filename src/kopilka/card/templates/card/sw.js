{% autoescape off %}"use strict";
// Keeps the card: its files, and the pages as they were seen last, for when there is no network.
const kept = {{ kept }};
{% endautoescape %}{% include "card/parts/worker.js" %}
