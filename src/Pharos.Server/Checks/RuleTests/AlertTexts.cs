using Pharos.Storage.Model;

namespace Pharos.Server.Checks.RuleTests;

/// <summary>Alerts in a fixed order, as promtool prints them.</summary>
internal sealed class AlertTexts
{
    private const string Indent = "            ";

    private readonly List<(LabelSet Labels, LabelSet Annotations)> _alerts;

    private AlertTexts(List<(LabelSet Labels, LabelSet Annotations)> alerts) => _alerts = alerts;

    /// <summary>With lines after the first moved in.</summary>
    public string Indented => Text().Replace("\n", "\n" + Indent, StringComparison.Ordinal);

    public static AlertTexts Of(IEnumerable<(LabelSet Labels, LabelSet Annotations)> alerts) =>
        new([.. alerts.OrderBy(static alert => alert.Labels).ThenBy(static alert => alert.Annotations)]);

    public static string Diff(AlertTexts expected, AlertTexts got) => Diff(expected.Text().Split('\n'), got.Text().Split('\n'));

    /// <summary>Lines that only one side has: <c>-</c> for what is missing, <c>+</c> for what is too much.</summary>
    public static string Diff(IEnumerable<string> expected, IEnumerable<string> got)
    {
        var missing = expected.ToList();
        var extra = new List<string>();
        foreach (var line in got)
        {
            if (!missing.Remove(line))
            {
                extra.Add(line);
            }
        }
        return string.Concat(missing.Select(static line => $"\n{Indent}- {line}").Concat(extra.Select(static line => $"\n{Indent}+ {line}")));
    }

    public bool IsSame(AlertTexts other) => _alerts.SequenceEqual(other._alerts);

    private string Text() => _alerts.Count == 0 ? "[]" : "[\n" + string.Join(",\n", _alerts.Select(static (alert, index) =>
        $"{index}:\n  Labels:{alert.Labels.ToBracedText()}\n  Annotations:{alert.Annotations.ToBracedText()}")) + "\n]";
}
