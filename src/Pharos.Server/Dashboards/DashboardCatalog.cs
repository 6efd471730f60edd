using System.Text.Json;
using Pharos.Server.Dashboards.Model;
using Pharos.Server.Dashboards.Reading;

namespace Pharos.Server.Dashboards;

/// <summary>The dashboards of one configuration, by uid. Immutable; a reload makes a new one.</summary>
public sealed class DashboardCatalog
{
    public static readonly DashboardCatalog Empty = new([]);

    private readonly Dictionary<string, Entry> _byUid = new(StringComparer.Ordinal);

    private DashboardCatalog(IEnumerable<Entry> entries)
    {
        foreach (var entry in entries)
        {
            // The later file wins, as in Grafana's provisioning.
            _byUid[entry.Dashboard.Uid] = entry;
        }
    }

    /// <summary>Sorted by title.</summary>
    public IReadOnlyList<Entry> All =>
        [.. _byUid.Values.OrderBy(entry => entry.Dashboard.Title, StringComparer.OrdinalIgnoreCase)];

    public Dashboard? Find(string uid) => _byUid.GetValueOrDefault(uid)?.Dashboard;

    /// <summary>Reads the files; one that cannot be read is left out and told of.</summary>
    public static DashboardCatalog Read(IEnumerable<string> files, Action<string> report)
    {
        var entries = new List<Entry>();
        foreach (var file in files)
        {
            try
            {
                var dashboard = DashboardReader.Read(File.ReadAllText(file), file);
                entries.Add(new Entry(dashboard, file));
                foreach (var warning in dashboard.Warnings.Concat(dashboard.Panels.SelectMany(panel => panel.Warnings)))
                {
                    report($"{file}: {warning}");
                }
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                report($"{file}: {e.Message}");
            }
        }
        return new DashboardCatalog(entries);
    }

    public sealed record Entry(Dashboard Dashboard, string File);
}
