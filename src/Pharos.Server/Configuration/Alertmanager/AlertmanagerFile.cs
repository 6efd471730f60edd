using Pharos.Alerting.Inhibition;
using Pharos.Alerting.Routing;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads <c>alertmanager.yml</c>; never throws.</summary>
internal static class AlertmanagerFile
{
    public static AlertmanagerReadResult Read(string path) =>
        ConfigText.TryRead(path, out var text, out var error) ? ReadText(path, text)
            : new AlertmanagerReadResult(null,
                new ConfigFileReport { File = path, Kind = ConfigFileKind.Alertmanager, Unreadable = error });

    public static AlertmanagerReadResult ReadText(string path, string text)
    {
        var reading = new ConfigReading(path, text);
        AlertmanagerConfig? config = null;
        var root = YamlTreeBuilder.Build(reading);
        if (root is null or YamlScalar { IsNull: true })
        {
            if (!reading.HasErrors)
            {
                reading.Error("no route provided in config");
            }
        }
        else if (YamlValue.Root(reading, root).AsMapping() is { } file)
        {
            config = Read(file);
        }
        return new AlertmanagerReadResult(reading.HasErrors ? null : config, ConfigFileReport.Of(reading, ConfigFileKind.Alertmanager));
    }

    private static AlertmanagerConfig Read(YamlMappingReader file)
    {
        var global = file.Mapping("global") is { } section ? GlobalSection.Read(section) : new AlertmanagerGlobal();
        var receivers = ReadReceivers(file, new ReceiverSection(global));
        var intervals = TimeIntervalSection.ReadAll(file);
        var routes = new RouteSection(receivers.Select(r => r.Name).ToHashSet(StringComparer.Ordinal),
            intervals.Select(i => i.Name).ToHashSet(StringComparer.Ordinal));
        var route = file.Mapping("route");
        if (route is null)
        {
            file.ErrorAt("route", "no route provided in config");
        }
        if (file.NotHonoured("tracing", "Pharos sends no spans about itself yet")?.AsMapping() is { } tracing)
        {
            TracingSection.Check(tracing);
        }
        file.NotHonoured("event_recorder", "events are not recorded yet");
        var config = new AlertmanagerConfig
        {
            Route = route is null ? new RouteOptions() : routes.ReadRoot(route),
            Receivers = receivers,
            InhibitRules = ReadInhibitRules(file),
            TimeIntervals = intervals,
            ResolveTimeout = global.ResolveTimeout,
            Templates = ReadTemplates(file),
        };
        file.Done();
        return config;
    }

    private static List<string> ReadTemplates(YamlMappingReader file)
    {
        var patterns = new List<string>();
        foreach (var item in file.List("templates"))
        {
            if (item.AsText() is not { Length: > 0 } pattern)
            {
                continue;
            }
            if (PathPattern.IsMalformed(pattern))
            {
                item.Error("syntax error in pattern");
            }
            patterns.Add(file.Reading.Resolve(pattern));
        }
        return patterns;
    }

    private static List<ReceiverConfig> ReadReceivers(YamlMappingReader file, ReceiverSection reader)
    {
        var receivers = new List<ReceiverConfig>();
        foreach (var item in file.List("receivers"))
        {
            if (item.AsMapping() is not { } map)
            {
                continue;
            }
            var receiver = reader.Read(map);
            if (receiver.Name.Length > 0 && receivers.Exists(other => other.Name == receiver.Name))
            {
                map.ErrorAt("name", $"notification config name {YamlValue.Echo(receiver.Name)} is not unique");
            }
            receivers.Add(receiver);
        }
        return receivers;
    }

    private static List<InhibitRuleOptions> ReadInhibitRules(YamlMappingReader file)
    {
        var rules = new List<InhibitRuleOptions>();
        foreach (var item in file.List("inhibit_rules"))
        {
            // A rule without matchers inhibits nothing, for every alert is on both its sides.
            if (!item.IsNull && item.AsMapping() is { } map)
            {
                rules.Add(InhibitRuleSection.Read(map));
            }
        }
        return rules;
    }
}
