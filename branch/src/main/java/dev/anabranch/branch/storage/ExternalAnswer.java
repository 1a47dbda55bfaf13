package dev.anabranch.branch.storage;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What a storage program printed.
 *
 * @param shared whether its copies share blocks, where it was asked
 * @param error why it failed, in its own words
 * @param full whether it failed because there is no room
 */
record ExternalAnswer(boolean shared, Optional<String> error, boolean full) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Fields that are not known are for others; nothing printed is {@code {}}. */
  static ExternalAnswer parse(String printed) throws JacksonException {
    JsonNode answer = JSON.readTree(printed.isBlank() ? "{}" : printed);
    return new ExternalAnswer(
        answer.path("shared").asBoolean(false),
        Optional.of(answer.path("error").asString("")).filter(text -> !text.isBlank()),
        answer.path("full").asBoolean(false));
  }
}
