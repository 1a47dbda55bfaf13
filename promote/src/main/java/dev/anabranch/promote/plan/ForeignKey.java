package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.List;

/**
 * A foreign key of main, from the side of one table that has a part in it.
 *
 * @param name the constraint's name
 * @param child the referencing table (a partition, or the root of a partitioned table)
 * @param childName the child as SQL reads it, quoted and qualified
 * @param childColumns the referencing columns, by number in the child
 * @param childColumnNames the same, by name
 * @param parent the referenced table (the root, when it is partitioned)
 * @param parentName the parent as SQL reads it
 * @param parentColumns the referenced columns, by name, in the order of {@code childColumns}
 * @param comparisons how the constraint itself compares them, for each column
 * @param matchFull whether either all or none of the referencing columns must be NULL
 */
public record ForeignKey(
    String name,
    TableId child,
    String childName,
    List<Integer> childColumns,
    List<String> childColumnNames,
    TableId parent,
    String parentName,
    List<String> parentColumns,
    List<Comparison> comparisons,
    boolean matchFull) {

  /**
   * The constraint's own equality of two columns, which may differ in type and collation.
   *
   * @param parent what follows a value of the parent: a cast, a collation, or nothing
   * @param operator the operator, qualified
   * @param child what follows a value of the child
   * @param same the operator that compares two values of the parent
   */
  public record Comparison(String parent, String operator, String child, String same) {

    /** The condition that two expressions are equal to the constraint. */
    public String of(String parentValue, String childValue) {
      return "(" + parentValue + ")" + parent + " " + operator + " (" + childValue + ")" + child;
    }

    /** The condition that two expressions of the parent's type are equal. */
    public String ofParents(String one, String other) {
      return "(" + one + ")" + parent + " " + same + " (" + other + ")" + parent;
    }
  }

  public ForeignKey {
    childColumns = List.copyOf(childColumns);
    childColumnNames = List.copyOf(childColumnNames);
    parentColumns = List.copyOf(parentColumns);
    comparisons = List.copyOf(comparisons);
  }
}
