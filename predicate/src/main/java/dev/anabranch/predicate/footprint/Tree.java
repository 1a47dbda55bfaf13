package dev.anabranch.predicate.footprint;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One value in Postgres's {@code pg_node_tree} text form. */
public sealed interface Tree {

  /** {@code <>}: nothing. */
  enum Nothing implements Tree {
    NOTHING
  }

  /** A number, a word or a quoted string. */
  record Atom(String text) implements Tree {}

  /** A list in parentheses or a datum's bytes in brackets. */
  record Many(List<Tree> items) implements Tree {
    public Many {
      items = List.copyOf(items);
    }
  }

  /**
   * A node in braces.
   *
   * @param tag its kind, such as {@code OPEXPR}
   * @param fields by name without the colon, in order; a field can hold several values (a datum's
   *     length and bytes)
   */
  record Node(String tag, Map<String, List<Tree>> fields) implements Tree {

    boolean is(String other) {
      return tag.equals(other);
    }

    boolean has(String field) {
      return fields.containsKey(field);
    }

    /** A field's first value, or nothing. */
    Tree get(String field) {
      List<Tree> values = fields.get(field);
      return values == null || values.isEmpty() ? Nothing.NOTHING : values.getFirst();
    }

    /** All that a field holds, {@code <>} left out. */
    List<Tree> list(String field) {
      return switch (get(field)) {
        case Many(List<Tree> items) -> items;
        case Nothing ignored -> List.of();
        case Node node -> List.of(node);
        case Atom atom ->
            throw new UnreadableTree(tag + "." + field + " is no list: " + atom.text());
      };
    }

    List<Node> nodes(String field) {
      return list(field).stream().map(tree -> asNode(tree, tag + "." + field)).toList();
    }

    /** A field that must hold a node. */
    Node node(String field) {
      return asNode(get(field), tag + "." + field);
    }

    /** A field that must be there and hold a word. */
    String text(String field) {
      if (get(field) instanceof Atom(String text)) {
        return text;
      }
      throw new UnreadableTree(tag + "." + field + " is missing");
    }

    long number(String field) {
      try {
        return Long.parseLong(text(field));
      } catch (NumberFormatException e) {
        throw new UnreadableTree(tag + "." + field + " is no number: " + text(field));
      }
    }

    int index(String field) {
      return Math.toIntExact(number(field));
    }

    boolean flag(String field) {
      return switch (text(field)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new UnreadableTree(tag + "." + field + " is no flag: " + text(field));
      };
    }

    private static Node asNode(Tree tree, String where) {
      if (tree instanceof Node node) {
        return node;
      }
      throw new UnreadableTree(where + " holds no node");
    }
  }

  /** What stands directly inside. */
  default Stream<Tree> children() {
    return switch (this) {
      case Nothing ignored -> Stream.empty();
      case Atom ignored -> Stream.empty();
      case Many(List<Tree> items) -> items.stream();
      case Node node -> node.fields().values().stream().flatMap(List::stream);
    };
  }

  /** The text was not what this reader knows; nothing may be concluded from it. */
  final class UnreadableTree extends RuntimeException {
    UnreadableTree(String what) {
      super(what);
    }
  }
}
