package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Tree.Atom;
import dev.anabranch.predicate.footprint.Tree.Many;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.footprint.Tree.Nothing;
import dev.anabranch.predicate.footprint.Tree.UnreadableTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the text of {@code debug_print_rewritten}, {@code pg_node_tree}'s form (Postgres's {@code
 * nodes/outfuncs.c}).
 *
 * <pre>
 * value := '{' TAG (':'field value*)* '}' | '(' value* ')' | '[' value* ']' | '&lt;&gt;' | word
 * </pre>
 *
 * A backslash takes the next character as it is. The log breaks lines at spaces, so any white space
 * separates.
 */
final class NodeTree {

  /** Deeper than any honest statement; a stack overflow would be worse than a refusal. */
  private static final int MAX_DEPTH = 900;

  private final String text;
  private int at;
  private int depth;

  private NodeTree(String text) {
    this.text = text;
  }

  /**
   * @throws UnreadableTree when the text is cut short or is not of that form
   */
  static Tree parse(String text) {
    NodeTree reader = new NodeTree(text);
    Tree tree = reader.value();
    reader.skipSpace();
    if (reader.at != text.length()) {
      throw new UnreadableTree("something follows the tree at " + reader.at);
    }
    return tree;
  }

  private Tree value() {
    if (++depth > MAX_DEPTH) {
      throw new UnreadableTree("deeper than " + MAX_DEPTH + " levels");
    }
    skipSpace();
    Tree value =
        switch (peek()) {
          case '{' -> node();
          case '(' -> many(')');
          case '[' -> many(']');
          case '"' -> quoted();
          default -> word();
        };
    depth--;
    return value;
  }

  private Node node() {
    at++;
    String tag = plainWord();
    Map<String, List<Tree>> fields = new LinkedHashMap<>();
    skipSpace();
    while (peek() != '}') {
      if (peek() != ':') {
        throw new UnreadableTree("no field name at " + at);
      }
      at++;
      String name = plainWord();
      if (fields.put(name, fieldValues()) != null) {
        throw new UnreadableTree(tag + "." + name + " comes twice");
      }
    }
    at++;
    return new Node(tag, fields);
  }

  private List<Tree> fieldValues() {
    List<Tree> values = new ArrayList<>(1);
    skipSpace();
    while (peek() != ':' && peek() != '}') {
      values.add(value());
      skipSpace();
    }
    return List.copyOf(values);
  }

  private Many many(char end) {
    at++;
    List<Tree> items = new ArrayList<>();
    skipSpace();
    while (peek() != end) {
      items.add(value());
      skipSpace();
    }
    at++;
    return new Many(items);
  }

  private Atom quoted() {
    at++;
    StringBuilder word = new StringBuilder();
    while (peek() != '"') {
      word.append(character());
    }
    at++;
    return new Atom(word.toString());
  }

  private Tree word() {
    int start = at;
    String word = plainWord();
    return word.equals("<>") && at - start == 2 ? Nothing.NOTHING : new Atom(word);
  }

  private String plainWord() {
    skipSpace();
    StringBuilder word = new StringBuilder();
    while (at < text.length() && !endsWord(text.charAt(at))) {
      word.append(character());
    }
    if (word.isEmpty()) {
      throw new UnreadableTree("no word at " + at);
    }
    return word.toString();
  }

  private char character() {
    if (peek() == '\\') {
      at++;
    }
    char c = peek();
    at++;
    return c;
  }

  private static boolean endsWord(char c) {
    return c <= ' ' || c == '(' || c == ')' || c == '{' || c == '}' || c == '[' || c == ']';
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw new UnreadableTree("the text ends early");
    }
    return text.charAt(at);
  }
}
