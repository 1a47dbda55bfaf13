package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Tree.Atom;
import dev.anabranch.predicate.footprint.Tree.Many;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the values that settings had in place of {@code current_setting('…')}, so that row security
 * by tenant is a condition like any other.
 *
 * @param functions what is known of routines
 * @param values the settings that are kept with the question, by lower-case name
 */
record KeptSettings(Functions functions, Map<String, String> values) {

  private static final int HEADER = 4;

  Tree in(Tree tree) {
    return switch (tree) {
      case Tree.Nothing nothing -> nothing;
      case Atom atom -> atom;
      case Many(List<Tree> items) -> new Many(items.stream().map(this::in).toList());
      case Node node -> constant(node).<Tree>map(value -> value).orElseGet(() -> inside(node));
    };
  }

  private Node inside(Node node) {
    Map<String, List<Tree>> fields = new LinkedHashMap<>();
    node.fields().forEach((name, parts) -> fields.put(name, parts.stream().map(this::in).toList()));
    return new Node(node.tag(), fields);
  }

  private Optional<Node> constant(Node node) {
    return node.is("FUNCEXPR") && functions.isCurrentSetting(node.number("funcid"))
        ? name(node).map(values::get).flatMap(this::text)
        : Optional.empty();
  }

  /** The setting that a call of current_setting names, when it is named by a constant. */
  Optional<String> name(Node call) {
    Node argument = call.nodes("args").getFirst();
    return argument.is("CONST")
            && ConstReader.read(argument, functions.catalog())
                instanceof Value.Characters(String name)
        ? Optional.of(name.toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /** One that is empty may not be set at all, and then it is NULL or fails. */
  private Optional<Node> text(String value) {
    boolean ascii = value.chars().allMatch(character -> character < 128);
    if (value.isEmpty() || (!ascii && !functions.catalog().utf8())) {
      return Optional.empty();
    }
    byte[] content = value.getBytes(StandardCharsets.UTF_8);
    ByteBuffer datum = ByteBuffer.allocate(HEADER + content.length).order(ByteOrder.LITTLE_ENDIAN);
    datum.putInt((HEADER + content.length) << 2).put(content);
    List<Tree> bytes = new ArrayList<>();
    for (byte one : datum.array()) {
      bytes.add(new Atom(Byte.toString(one)));
    }
    Map<String, List<Tree>> fields = new LinkedHashMap<>();
    fields.put("consttype", List.of(new Atom(Long.toString(ValueReader.TEXT))));
    fields.put("constlen", List.of(new Atom("-1")));
    fields.put("constbyval", List.of(new Atom("false")));
    fields.put("constisnull", List.of(new Atom("false")));
    fields.put("constvalue", List.of(new Atom(Integer.toString(bytes.size())), new Many(bytes)));
    return Optional.of(new Node("CONST", fields));
  }
}
