package dev.anabranch.cli;

import tools.jackson.databind.JsonNode;

/** One server-sent event. */
record ServerEvent(String name, JsonNode data) {}
