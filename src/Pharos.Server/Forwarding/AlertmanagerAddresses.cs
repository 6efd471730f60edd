using Pharos.Collection.Discovery;
using Pharos.Collection.Relabeling;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Forwarding;

/// <summary>Where the targets of one set take alerts, after relabeling.</summary>
/// <param name="Active">Each address once, in the order in which they were found.</param>
/// <param name="Dropped">What relabeling took out, as it would have been.</param>
/// <param name="Faults">Why groups are left out: one target at fault takes its whole group with it, as in Prometheus.</param>
internal sealed record AlertmanagerAddresses(IReadOnlyList<string> Active, IReadOnlyList<string> Dropped, IReadOnlyList<string> Faults)
{
    private const string SchemeLabel = "__scheme__";
    private const string PathLabel = "__alerts_path__";

    public static AlertmanagerAddresses None { get; } = new([], [], []);

    public static AlertmanagerAddresses Of(AlertmanagerSetOptions set, IReadOnlyList<TargetGroup> groups)
    {
        var active = new List<string>();
        var dropped = new List<string>();
        var faults = new List<string>();
        foreach (var group in groups)
        {
            var found = new List<string>();
            var removed = new List<string>();
            if (Read(set, group, found, removed) is { } fault)
            {
                faults.Add(fault);
                continue;
            }
            active.AddRange(found);
            dropped.AddRange(removed);
        }
        return new AlertmanagerAddresses([.. active.Distinct(StringComparer.Ordinal)], dropped, faults);
    }

    /// <returns>Null, or what is wrong with the group.</returns>
    private static string? Read(AlertmanagerSetOptions set, TargetGroup group, List<string> found, List<string> removed)
    {
        foreach (var target in group.Targets)
        {
            // A target's own labels win over its group's, and the file's scheme and path over the target's.
            var labels = new LabelSetBuilder(target).Set(SchemeLabel, set.Scheme).Set(PathLabel, PathOf(set.PathPrefix));
            foreach (var label in group.Labels)
            {
                if (!target.Has(label.Name))
                {
                    labels.Set(label.Name, label.Value);
                }
            }
            var before = UrlOf(labels);
            if (!Relabeler.Apply(set.RelabelRules, labels))
            {
                removed.Add(before);
                continue;
            }
            var address = labels[TargetGroup.AddressLabel];
            if (address.Contains('/', StringComparison.Ordinal))
            {
                return $"{GoQuote.Quote(address)} is not a valid hostname";
            }
            if (!Uri.TryCreate(UrlOf(labels), UriKind.Absolute, out _))
            {
                return $"{GoQuote.Quote(UrlOf(labels))} is not a valid URL";
            }
            found.Add(UrlOf(labels));
        }
        return null;
    }

    private static string UrlOf(LabelSetBuilder labels)
    {
        var path = labels[PathLabel];
        return $"{labels[SchemeLabel]}://{labels[TargetGroup.AddressLabel]}{(path.StartsWith('/') || path.Length == 0 ? "" : "/")}{path}";
    }

    /// <summary>Prefix and path with one slash between, and none behind.</summary>
    private static string PathOf(string prefix)
    {
        var parts = new List<string>();
        foreach (var part in prefix.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }
        return $"/{string.Join('/', [.. parts, "api/v2/alerts"])}";
    }
}
