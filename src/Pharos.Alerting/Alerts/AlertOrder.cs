using Pharos.Storage.Model;

namespace Pharos.Alerting.Alerts;

/// <summary>The order of alerts inside a notification: by job, by instance, then by the whole label set.</summary>
/// <remarks>An alert without the label comes after those with it; a set with fewer labels before one with more.</remarks>
internal sealed class AlertOrder : IComparer<Alert>
{
    public static readonly AlertOrder ByLabels = new();

    public int Compare(Alert? x, Alert? y)
    {
        foreach (var name in (ReadOnlySpan<string>)["job", "instance"])
        {
            var (left, right) = (x!.Labels[name], y!.Labels[name]);
            if (left.Length == 0 != (right.Length == 0))
            {
                return left.Length == 0 ? 1 : -1;
            }
            if (string.CompareOrdinal(left, right) is var order && order != 0)
            {
                return order;
            }
        }
        var byCount = x!.Labels.Count.CompareTo(y!.Labels.Count);
        return byCount != 0 ? byCount : CompareSets(x.Labels, y.Labels);
    }

    private static int CompareSets(LabelSet left, LabelSet right)
    {
        for (var i = 0; i < left.Count; i++)
        {
            // The smallest name that only one side has decides: the side without it comes first.
            var byName = string.CompareOrdinal(left[i].Name, right[i].Name);
            if (byName != 0)
            {
                return byName < 0 ? 1 : -1;
            }
            var byValue = string.CompareOrdinal(left[i].Value, right[i].Value);
            if (byValue != 0)
            {
                return byValue;
            }
        }
        return 0;
    }
}
