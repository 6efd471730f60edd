using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Stages.Parsing;

/// <summary><c>eventlogmessage</c>: each line <c>Key: value</c> of a Windows event's message becomes an extracted value.</summary>
public sealed class EventLogMessageStage(string source, bool overwriteExisting, bool dropInvalidLabels) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        foreach (var line in (entry.Text(source) ?? "").Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                continue;
            }
            var key = line[..colon];
            if (!MetricNames.IsLegacyValidLabel(key))
            {
                if (dropInvalidLabels)
                {
                    continue;
                }
                key = Sanitized(key);
            }
            if (entry.Extracted.ContainsKey(key) && !overwriteExisting)
            {
                key += "_extracted";
            }
            entry.Extracted[key] = line[(colon + 1)..].Trim();
        }
        next.Take(entry);
    }

    private static string Sanitized(string key)
    {
        var name = string.Concat(key.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }
}
