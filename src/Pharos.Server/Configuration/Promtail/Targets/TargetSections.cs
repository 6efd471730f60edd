using Pharos.Collection.Shipping.Targets;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail.Targets;

/// <summary>Every key of a scrape configuration that brings entries in other than from files.</summary>
internal static class TargetSections
{
    /// <summary>Kinds that run.</summary>
    private static readonly (string Key, Func<YamlMappingReader, SourceOptions?> Read)[] Running =
    [
        ("syslog", SyslogSection.Read),
        ("gelf", ListenSections.ReadGelf),
        ("journal", ListenSections.ReadJournal),
        ("loki_push_api", PushSection.Read),
    ];

    /// <summary>Kinds that do not run, with their keys and why.</summary>
    private static readonly (string Key, string Reason, string Keys)[] NotRunning =
    [
        ("kafka", "there is no Kafka consumer here; a Kafka Connect sink can push to /loki/api/v1/push",
            "brokers topics group_id assignor version authentication use_incoming_timestamp labels message_parser"),
        ("cloudflare", "Cloudflare's log API is not asked; its Logpush can push to /loki/api/v1/push",
            "api_token zone_id labels workers pull_range fields_type additional_fields"),
        ("gcplog", "Google's Pub/Sub is not asked",
            "project_id subscription subscription_type labels use_incoming_timestamp use_full_line push_timeout server"),
        ("windows_events", "Windows' event log is on Windows only",
            "locale eventlog_name xpath_query use_incoming_timestamp bookmark_path poll_interval labels exclude_event_data exclude_event_message "
            + "exclude_user_data"),
        ("azure_event_hubs", "Azure's Event Hubs are not asked",
            "fully_qualified_namespace connection_string event_hubs group_id use_incoming_timestamp labels disallow_custom_messages"),
        ("heroku_drain", "Heroku's drain is not listened for", "server labels use_incoming_timestamp"),
    ];

    public static IReadOnlyList<SourceOptions> ReadAll(YamlMappingReader job)
    {
        var sources = new List<SourceOptions>();
        foreach (var (key, read) in Running)
        {
            if (job.Mapping(key) is { } section)
            {
                if (read(section) is { } source)
                {
                    sources.Add(source);
                }
                section.Done();
            }
        }
        foreach (var (key, reason, keys) in NotRunning)
        {
            if (job.NotHonoured(key, $"not run, because {reason}")?.AsMapping() is { } section)
            {
                section.Accept(keys.Split(' '));
                PromtailValues.Labels(section, "labels");
                if (section.Find("api_token", secret: true) is { IsNull: true })
                {
                    section.ErrorAt("api_token", "it is empty");
                }
                section.Done();
            }
        }
        return sources;
    }
}
