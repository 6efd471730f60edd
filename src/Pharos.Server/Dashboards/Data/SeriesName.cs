using System.Text.RegularExpressions;
using Pharos.Storage.Model;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Names a series by the target's legend format, as Grafana's Prometheus data source does.</summary>
internal static partial class SeriesName
{
    public static string Of(LabelSet labels, string legendFormat, string expr)
    {
        if (legendFormat.Length == 0 || legendFormat == "__auto")
        {
            return labels.Count == 0 ? expr : labels.ToString();
        }
        // A label that is not there is the empty string.
        return Placeholder().Replace(legendFormat, match => labels[match.Groups["name"].Value]);
    }

    [GeneratedRegex(@"\{\{\s*(?<name>.+?)\s*\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
