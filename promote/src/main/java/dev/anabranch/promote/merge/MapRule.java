package dev.anabranch.promote.merge;

import dev.anabranch.base.Cell;
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

  /** A key that the branch left as it was may be one that its operation named with that value. */
  @Override
  public Optional<String> mayBeSaidAgain(Cell base, Cell branch, Cell main) {
    if (!(base instanceof Cell.Text(String was)
        && branch instanceof Cell.Text(String ours)
        && main instanceof Cell.Text(String theirs))) {
      return Optional.empty();
    }
    Optional<JsonNode> before = object(was);
    Optional<JsonNode> here = object(ours);
    Optional<JsonNode> there = object(theirs);
    return before.isPresent() && here.isPresent() && there.isPresent()
        ? leftKey(before.get(), here.get(), there.get(), "")
            .map(path ->
                "main changed key " + path + ", which an operation of the branch's may name too")
        : Optional.empty();
  }

  /** A key that the branch has as it was and main has not. */
  private static Optional<String> leftKey(
      JsonNode base, JsonNode branch, JsonNode main, String path) {
    for (String key : branch.propertyNames()) {
      JsonNode was = base.path(key);
      JsonNode ours = branch.path(key);
      JsonNode theirs = main.path(key);
      String here = path.isEmpty() ? key : path + "." + key;
      if (isSame(ours, was) && !isSame(theirs, was)) {
        return Optional.of(here);
      }
      if (was.isObject() && ours.isObject() && theirs.isObject()) {
        Optional<String> inside = leftKey(was, ours, theirs, here);
        if (inside.isPresent()) {
          return inside;
        }
      }
    }
    return Optional.empty();
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
