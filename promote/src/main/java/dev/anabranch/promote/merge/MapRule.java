package dev.anabranch.promote.merge;

import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object, key by key, and objects in it likewise. A key that both sides changed to different
 * values keeps the whole cell apart.
 */
record MapRule() implements MergeRule {

  @Override
  public String word() {
    return "map";
  }

  @Override
  public Merged combine(String base, String branch, String main) {
    Optional<JsonNode> was = object(base);
    Optional<JsonNode> ours = object(branch);
    Optional<JsonNode> theirs = object(main);
    if (was.isEmpty() || ours.isEmpty() || theirs.isEmpty()) {
      return new Merged.Apart("one side is no JSON object");
    }
    try {
      return new Merged.Together(JsonText.write(objects(was.get(), ours.get(), theirs.get(), "")));
    } catch (BothChanged e) {
      return new Merged.Apart("both sides gave key " + e.path + " another value");
    }
  }

  /** A key, somewhere in the object, that both sides changed. */
  private static final class BothChanged extends Exception {
    private static final long serialVersionUID = 1;

    private final String path;

    BothChanged(String path) {
      super(path, null, false, false);
      this.path = path;
    }
  }

  private static Optional<JsonNode> object(String text) {
    return JsonText.read(text).filter(JsonNode::isObject);
  }

  private static ObjectNode objects(JsonNode base, JsonNode branch, JsonNode main, String path)
      throws BothChanged {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    TreeSet<String> keys = new TreeSet<>(JsonText.KEYS);
    keys.addAll(branch.propertyNames());
    keys.addAll(main.propertyNames());
    for (String key : keys) {
      JsonNode value =
          value(
              base.path(key),
              branch.path(key),
              main.path(key),
              path.isEmpty() ? key : path + "." + key);
      if (!value.isMissingNode()) {
        all.set(key, value);
      }
    }
    return all;
  }

  private static JsonNode value(JsonNode base, JsonNode branch, JsonNode main, String path)
      throws BothChanged {
    if (isSame(branch, base) || isSame(branch, main)) {
      return main;
    }
    if (isSame(main, base)) {
      return branch;
    }
    if (base.isObject() && branch.isObject() && main.isObject()) {
      return objects(base, branch, main, path);
    }
    throw new BothChanged(path);
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    return one.isMissingNode() == other.isMissingNode()
        && (one.isMissingNode() || JsonText.write(one).equals(JsonText.write(other)));
  }
}
