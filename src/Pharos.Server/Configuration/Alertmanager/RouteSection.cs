using Pharos.Alerting.Routing;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads the routing tree; what a node leaves out stays null, for its children inherit when the tree is built.</summary>
internal sealed class RouteSection(IReadOnlySet<string> receivers, IReadOnlySet<string> intervals)
{
    public RouteOptions ReadRoot(YamlMappingReader map)
    {
        map.ErrorUnless(map.Text("receiver").Length > 0, "receiver", "root route must specify a default receiver");
        foreach (var key in (ReadOnlySpan<string>)["match", "match_re", "matchers"])
        {
            map.ErrorUnless(IsEmpty(map, key), key, "root route must not have any matchers");
        }
        map.ErrorUnless(IsEmpty(map, "mute_time_intervals"), "mute_time_intervals", "root route must not have any mute time intervals");
        map.ErrorUnless(IsEmpty(map, "active_time_intervals"), "active_time_intervals", "root route must not have any active time intervals");
        map.ErrorUnless(!map.Flag("continue"), "continue", "cannot have continue in root route");
        return Read(map);
    }

    private static bool IsEmpty(YamlMappingReader map, string key) =>
        map.Find(key)?.Node is null or YamlSequence { Items.Count: 0 } or YamlMapping { Entries.Count: 0 };

    private RouteOptions Read(YamlMappingReader map)
    {
        var receiver = map.Text("receiver");
        map.ErrorUnless(receiver.Length == 0 || receivers.Contains(receiver), "receiver",
            $"undefined receiver {YamlValue.Echo(receiver)} used in route");
        var route = new RouteOptions
        {
            Receiver = receiver.Length > 0 ? receiver : null,
            Matchers = MatcherKeys.Read(map, ""),
            Continue = map.Flag("continue"),
            GroupBy = ReadGroupBy(map),
            GroupWait = map.OptionalDuration("group_wait"),
            GroupInterval = NotZero(map, "group_interval"),
            RepeatInterval = NotZero(map, "repeat_interval"),
            MuteTimeIntervals = ReadIntervals(map, "mute_time_intervals"),
            ActiveTimeIntervals = ReadIntervals(map, "active_time_intervals"),
            Labels = [.. map.Entries("labels").Select(entry => new Label(entry.Key, entry.Value.AsText() ?? ""))],
            Routes = ReadRoutes(map),
        };
        map.Done();
        return route;
    }

    private List<RouteOptions> ReadRoutes(YamlMappingReader map)
    {
        var routes = new List<RouteOptions>();
        foreach (var item in map.List("routes"))
        {
            if (item.AsMapping() is { } child)
            {
                routes.Add(Read(child));
            }
        }
        return routes;
    }

    private static TimeSpan? NotZero(YamlMappingReader map, string key)
    {
        var duration = map.OptionalDuration(key);
        map.ErrorUnless(duration != TimeSpan.Zero, key, $"{key} cannot be zero");
        return duration;
    }

    private static List<string>? ReadGroupBy(YamlMappingReader map)
    {
        if (map.Find("group_by") is not { } value)
        {
            return null;
        }
        var names = new List<string>();
        foreach (var item in value.AsList())
        {
            if (item.AsText() is not { } name)
            {
                continue;
            }
            if (name.Length == 0)
            {
                item.Error("invalid label name \"\" in group_by list");
            }
            else if (names.Contains(name))
            {
                item.Error($"duplicated label {YamlValue.Echo(name)} in group_by");
            }
            names.Add(name);
        }
        if (names.Contains("...") && names.Count > 1)
        {
            value.Error("cannot have wildcard group_by (`...`) and other labels at the same time");
        }
        return names;
    }

    private List<string> ReadIntervals(YamlMappingReader map, string key)
    {
        var names = new List<string>();
        foreach (var item in map.List(key))
        {
            if (item.AsText() is not { } name)
            {
                continue;
            }
            if (!intervals.Contains(name))
            {
                item.Error($"undefined time interval {YamlValue.Echo(name)} used in route");
            }
            names.Add(name);
        }
        return names;
    }
}
