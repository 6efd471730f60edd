using Pharos.Collection.Relabeling;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.Relabeling;

public sealed class RelabelerTests
{
    private static readonly LabelSet Input = LabelSet.From(("a", "foo"), ("b", "bar"), ("c", "BaZ"), ("d", "foo"));

    public static TheoryData<string, RelabelRule, string?> Actions => new()
    {
        { "replace", Rule(RelabelAction.Replace, ["a"], "f(.*)", "d", "ch${1}-$1"), """{a="foo", b="bar", c="BaZ", d="choo-oo"}""" },
        { "replace joins sources", Rule(RelabelAction.Replace, ["a", "b"], "(.*);(.*)", "a", "$2$1"), """{a="barfoo", b="bar", c="BaZ", d="foo"}""" },
        { "replace without a match does nothing", Rule(RelabelAction.Replace, ["a"], "o", "a", "x"), Input.ToString() },
        { "replace with nothing removes", Rule(RelabelAction.Replace, ["a"], "(f).*", "a", "$2"), """{b="bar", c="BaZ", d="foo"}""" },
        { "replace expands the target", Rule(RelabelAction.Replace, ["a"], "(f)(.*)", "${1}_x", "$2"), """{a="foo", b="bar", c="BaZ", d="foo", f_x="oo"}""" },
        { "replace into an empty name does nothing", Rule(RelabelAction.Replace, ["a"], "(f).*", "$2", "x"), Input.ToString() },
        { "replace with a constant", new RelabelRule { TargetLabel = "n", Replacement = "v" }, """{a="foo", b="bar", c="BaZ", d="foo", n="v"}""" },
        { "keep", Rule(RelabelAction.Keep, ["a"], "fo+"), Input.ToString() },
        { "keep is anchored", Rule(RelabelAction.Keep, ["a"], "fo"), null },
        { "drop", Rule(RelabelAction.Drop, ["a"], ".*o"), null },
        { "drop without a match", Rule(RelabelAction.Drop, ["missing"], ".+"), Input.ToString() },
        { "keepequal", new RelabelRule { Action = RelabelAction.KeepEqual, SourceLabels = ["a"], TargetLabel = "d" }, Input.ToString() },
        { "keepequal differs", new RelabelRule { Action = RelabelAction.KeepEqual, SourceLabels = ["a"], TargetLabel = "b" }, null },
        { "dropequal", new RelabelRule { Action = RelabelAction.DropEqual, SourceLabels = ["a"], TargetLabel = "d" }, null },
        { "dropequal differs", new RelabelRule { Action = RelabelAction.DropEqual, SourceLabels = ["a"], TargetLabel = "b" }, Input.ToString() },
        { "hashmod", new RelabelRule { Action = RelabelAction.HashMod, SourceLabels = ["c"], TargetLabel = "d", Modulus = 1000 }, """{a="foo", b="bar", c="BaZ", d="$hash"}""" },
        { "lowercase", new RelabelRule { Action = RelabelAction.Lowercase, SourceLabels = ["c"], TargetLabel = "c" }, """{a="foo", b="bar", c="baz", d="foo"}""" },
        { "uppercase", new RelabelRule { Action = RelabelAction.Uppercase, SourceLabels = ["c"], TargetLabel = "c" }, """{a="foo", b="bar", c="BAZ", d="foo"}""" },
        { "uppercase of nothing removes", new RelabelRule { Action = RelabelAction.Uppercase, SourceLabels = ["zz"], TargetLabel = "c" }, """{a="foo", b="bar", d="foo"}""" },
        { "labelmap", Rule(RelabelAction.LabelMap, [], "(b|c)", "", "x_$1"), """{a="foo", b="bar", c="BaZ", d="foo", x_b="bar", x_c="BaZ"}""" },
        { "labeldrop", Rule(RelabelAction.LabelDrop, [], "a|b"), """{c="BaZ", d="foo"}""" },
        { "labelkeep", Rule(RelabelAction.LabelKeep, [], "a|b"), """{a="foo", b="bar"}""" },
        { "a name may be any UTF-8", new RelabelRule { TargetLabel = "x.y", Replacement = "v" }, """{a="foo", b="bar", c="BaZ", d="foo", "x.y"="v"}""" },
        { "a legacy name may not", new RelabelRule { SourceLabels = ["a"], TargetLabel = "x.$1", Replacement = "v", LegacyNames = true }, Input.ToString() },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void Every_action_does_what_Prometheus_does(string what, RelabelRule rule, string? result)
    {
        Assert.NotEmpty(what);
        var labels = new LabelSetBuilder(Input);
        var kept = Relabeler.Apply([rule], labels);
        Assert.Equal(result?.Replace("$hash", HashModOfBaZ, StringComparison.Ordinal), kept ? labels.Build().ToString() : null);
    }

    public static TheoryData<RelabelRule, string?> Checks => new()
    {
        { new RelabelRule { TargetLabel = "x" }, null },
        { new RelabelRule(), "relabel configuration for replace action requires 'target_label' value" },
        { new RelabelRule { Action = RelabelAction.HashMod, TargetLabel = "x" }, "relabel configuration for hashmod requires non-zero modulus" },
        { new RelabelRule { Action = RelabelAction.Lowercase, TargetLabel = "x", Replacement = "y" }, "'replacement' can not be set for lowercase action" },
        { new RelabelRule { Action = RelabelAction.LabelDrop, SourceLabels = ["a"] }, "labeldrop action requires only 'regex', and no other fields" },
        { new RelabelRule { Action = RelabelAction.KeepEqual, TargetLabel = "x", Separator = "," }, "keepequal action requires only 'source_labels' and `target_label`, and no other fields" },
        { new RelabelRule { TargetLabel = "x.y", LegacyNames = true }, "\"x.y\" is invalid 'target_label' for replace action" },
        { new RelabelRule { TargetLabel = "x_${1}", LegacyNames = true }, null },
        { new RelabelRule { Action = RelabelAction.LabelMap, Replacement = "a-b", LegacyNames = true }, "\"a-b\" is invalid 'replacement' for labelmap action" },
    };

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_rule_is_checked_in_Prometheus_words(RelabelRule rule, string? fault) => Assert.Equal(fault, rule.Validate());

    /// <summary>Computed by the plain definition: the last 64 bits of MD5, big-endian, modulo 1000.</summary>
    private const string HashModOfBaZ = "812";

    private static RelabelRule Rule(
        RelabelAction action, string[] sources, string regex, string target = "", string replacement = "$1")
    {
        return new RelabelRule
        {
            Action = action,
            SourceLabels = sources,
            Regex = GoRegex.Anchored(regex),
            TargetLabel = target,
            Replacement = replacement,
        };
    }
}
