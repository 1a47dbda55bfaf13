package dev.anabranch.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The document: written from the routes and the records. That the server does what it says is seen
 * in {@link HttpServerTest}, where each answer is held against it.
 */
class OpenApiTest {

  private static final Path PAGE =
      Path.of(System.getProperty("anabranch.root"), "docs", "openapi.json");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final JsonNode document = JSON.valueToTree(OpenApi.of(ApiRoutes.all()));

  /**
   * Rewrite the page with {@code -Danabranch.docs.write=true}; its diff is what clients will see.
   */
  @Test
  void thePageInTheDocsSaysTheSame() throws IOException {
    String page = JSON.writeValueAsString(document) + "\n";
    if (Boolean.getBoolean("anabranch.docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("generated: run this test with -Danabranch.docs.write=true")
        .isEqualTo(page);
  }

  @Test
  void nothingIsSaidOfWhatIsNotThere() {
    for (String place : ApiWords.places()) {
      String[] parts = place.split("\\.");
      JsonNode schema = document.path("components").path("schemas").path(parts[0]);
      assertThat(schema.isObject()).as("openapi.properties: " + place).isTrue();
      if (parts.length > 1) {
        assertThat(schema.path("properties").propertyNames())
            .as("openapi.properties: " + place)
            .contains(parts[1]);
      }
    }
  }

  @Test
  void aBodyHasTheFieldsThatAreAcceptedAndNoOthers() {
    JsonNode body = document.at("/components/schemas/NewBranch");
    assertThat(Set.copyOf(body.get("properties").propertyNames()))
        .isEqualTo(ApiBodies.fields(ApiBodies.NewBranch.class))
        .contains("protected");
    assertThat(body.get("required").toString()).isEqualTo("[\"name\"]");
    assertThat(body.get("additionalProperties").asBoolean()).isFalse();
    assertThat(document.at("/paths/~1api~1v1~1branches/post/requestBody/required").asBoolean())
        .isTrue();
    assertThat(
            document
                .at("/paths/~1api~1v1~1branches~1{name}~1reset/post/requestBody/required")
                .asBoolean())
        .isFalse();
  }

  @Test
  void whatMayBeNullIsToldSo() {
    JsonNode branch = document.at("/components/schemas/Branch/properties");
    assertThat(branch.at("/expireTime/type").toString()).isEqualTo("[\"string\",\"null\"]");
    assertThat(branch.at("/forkTime/type").asString()).isEqualTo("string");
    assertThat(document.at("/components/schemas/Check/properties/nextCursor/type").asString())
        .isEqualTo("string");
    assertThat(document.at("/components/schemas/Check/required").toString())
        .doesNotContain("nextCursor");
    assertThat(document.at("/components/schemas/Promotion/properties/difference/anyOf").toString())
        .contains("PlanDifference", "null");
  }

  @Test
  void noVerdictIsShownWithoutThePositionThatItIsTrueAsOf() {
    Set<String> verdicts = Set.of("JudgedAnswer", "Counts", "Fact");
    for (var schema : document.at("/components/schemas").properties()) {
      if (verdicts.stream()
          .anyMatch(name -> schema.getValue().toString().contains("/" + name + '"'))) {
        assertThat(schema.getValue().path("required").toString())
            .as(schema.getKey())
            .contains("\"asOf\"");
      }
    }
  }

  @Test
  void anAnswerThatIsNotAsToldIsSeen() {
    Contract contract = new Contract();
    assertThat(contract.violations("Counts", "{\"holds\":1,\"changed\":2,\"undecided\":0}"))
        .isEmpty();
    assertThat(contract.violations("Counts", "{\"holds\":\"1\",\"changed\":2,\"more\":0}"))
        .containsExactlyInAnyOrder(
            "$.undecided is missing", "$.holds is string, not \"integer\"", "$.more is not told");
    assertThat(contract.violations("NotRelied", "{\"answer\":1,\"verdict\":\"holds\"}"))
        .anyMatch(line -> line.startsWith("$.verdict is \"holds\", not one of"));
  }
}
