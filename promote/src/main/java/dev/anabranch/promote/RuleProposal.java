package dev.anabranch.promote;

/**
 * A rule that a column could have.
 *
 * @param column {@code schema.table.column}
 * @param rule the rule's word
 * @param why what speaks for it
 */
public record RuleProposal(String column, String rule, String why) {}
