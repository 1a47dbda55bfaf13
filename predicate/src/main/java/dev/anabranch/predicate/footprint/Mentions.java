package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import dev.anabranch.predicate.footprint.Tree.Atom;
import dev.anabranch.predicate.footprint.Tree.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a statement mentions: the words of its text, by which names may be resolved to something
 * else one day, and the objects that its tree has resolved them to. More than it does mention, and
 * never less.
 *
 * @param words of its text, in lower case, those in literals and comments included
 * @param everything whether its text can spell names in a way that is not read here
 * @param star whether it may stand for all columns of a table, those included that come later
 * @param objects whatever its tree names by an OID that is no built-in one
 * @param types of all its expressions
 * @param operators by name
 * @param wholeRows whether whole rows are values in it
 * @param rows the tables and views whose rows its types are, or are made of
 */
public record Mentions(
    Set<String> words,
    boolean everything,
    boolean star,
    Set<Long> objects,
    Set<Long> types,
    Set<String> operators,
    boolean wholeRows,
    Set<TableId> rows) {

  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");
  private static final Pattern TYPE_FIELD = Pattern.compile("(?i).*(type|typeid|types|typid)");

  /** A name may stand longer in a text, and is cut to this. */
  private static final int LONGEST = 63;

  /** The types of the reg* family, whose constants are OIDs. */
  private static final Set<Long> NAMING =
      Set.of(24L, 2202L, 2203L, 2204L, 2205L, 2206L, 3734L, 3769L, 4089L, 4096L, 4191L);

  public Mentions {
    words = Set.copyOf(words);
    objects = Set.copyOf(objects);
    types = Set.copyOf(types);
    operators = Set.copyOf(operators);
    rows = Set.copyOf(rows);
  }

  static Mentions of(Tree tree, String sql, Functions functions) {
    Gathering gathering = new Gathering(functions);
    gathering.gather(tree);
    Set<String> words = words(sql);
    boolean star = Stars.mayBeIn(sql) || words.contains("table") || words.contains("natural");
    return new Mentions(
        words,
        sql.toLowerCase(Locale.ROOT).contains("u&"),
        star,
        gathering.objects,
        gathering.types,
        gathering.operators,
        gathering.wholeRows,
        functions.catalog().rowsOf(gathering.objects));
  }

  /** In lower case, those in literals and comments included. */
  public static Set<String> words(String text) {
    return WORD.matcher(text)
        .results()
        .map(word -> word.group().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /** Whether a name may stand in the text. */
  public boolean names(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean plain =
        WORD.matcher(lower).matches()
            && lower.length() < LONGEST
            && lower.chars().allMatch(c -> c < 128);
    return everything || !plain || words.contains(lower);
  }

  private static final class Gathering {
    private final Functions functions;
    final Set<Long> objects = new HashSet<>();
    final Set<Long> types = new HashSet<>();
    final Set<String> operators = new HashSet<>();
    boolean wholeRows;

    Gathering(Functions functions) {
      this.functions = functions;
    }

    void gather(Tree tree) {
      if (!(tree instanceof Node node)) {
        tree.children().forEach(this::gather);
        return;
      }
      wholeRows |= node.is("VAR") && node.index("varattno") == 0;
      if (node.is("CONST")) {
        named(node);
      }
      node.fields()
          .forEach((field, values) -> {
            boolean type = TYPE_FIELD.matcher(field).matches();
            boolean datum = field.equals("constvalue");
            for (Tree value : datum ? List.<Tree>of() : values) {
              numbers(value, type);
              gather(value);
            }
          });
      Vocabulary.operators(node)
          .forEach(operator -> functions.operatorName(operator).ifPresent(operators::add));
    }

    /** A constant of regclass and its kin names an object in its datum. */
    private void named(Node constant) {
      if (NAMING.contains(constant.number("consttype")) && !constant.flag("constisnull")) {
        objects.add(ConstReader.oid(constant));
      }
    }

    private void numbers(Tree value, boolean type) {
      switch (value) {
        case Atom(String text) -> number(text, type);
        case Tree.Many(List<Tree> items) ->
            items.forEach(item -> {
              if (item instanceof Atom(String text)) {
                number(text, type);
              }
            });
        case Node ignored -> {}
        case Tree.Nothing ignored -> {}
      }
    }

    private void number(String text, boolean type) {
      if (text.isEmpty()
          || text.length() > 10
          || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return;
      }
      long number = Long.parseLong(text);
      if (number >= Catalog.FIRST_USER_OID) {
        objects.add(number);
      }
      if (type || number >= Catalog.FIRST_USER_OID) {
        types.add(number);
      }
    }
  }
}
