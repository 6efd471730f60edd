using Pharos.Collection.Shipping.Targets;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail.Targets;

/// <summary>Reads <c>syslog</c>.</summary>
internal static class SyslogSection
{
    public static SourceOptions? Read(YamlMappingReader map)
    {
        var protocol = map.Text("listen_protocol", "tcp");
        if (protocol is not ("tcp" or "udp"))
        {
            map.ErrorAt("listen_protocol", $"{YamlValue.Echo(protocol)} is neither tcp nor udp");
        }
        var format = map.Text("syslog_format", "rfc5424") switch
        {
            "rfc5424" => SyslogFormat.Rfc5424,
            "rfc3164" => SyslogFormat.Rfc3164,
            "raw" => SyslogFormat.Raw,
            var other => Unknown(map, other),
        };
        var raw = map.Mapping("raw_format_options");
        var nul = raw?.Flag("use_null_terminator_delimiter") ?? false;
        raw?.Done();
        var tls = map.Mapping("tls_config") is { } section ? TlsSection.Read(section) : null;
        var address = ListenSections.Address(map, "listen_address", null);
        var source = new SyslogSourceOptions
        {
            Host = address?.Host ?? "",
            Port = address?.Port ?? 0,
            IsUdp = protocol == "udp",
            Format = format,
            IdleTimeout = PromtailValues.Period(map, "idle_timeout", TimeSpan.FromMinutes(2)),
            LabelsStructuredData = map.Flag("label_structured_data"),
            UsesIncomingTime = map.Flag("use_incoming_timestamp"),
            WholeMessage = map.Flag("use_rfc5424_message"),
            MaxMessageBytes = map.Count("max_message_length", 8192),
            EndsWithNul = nul,
            Labels = PromtailValues.Labels(map, "labels"),
            Tls = tls is { Cert: not null, Key: not null } && protocol == "tcp" ? () => ListenSections.ServerTls(tls) : null,
        };
        return address is null ? null : source;
    }

    private static SyslogFormat Unknown(YamlMappingReader map, string format)
    {
        map.ErrorAt("syslog_format", $"unknown syslog format {YamlValue.Echo(format)}: rfc5424, rfc3164 or raw");
        return SyslogFormat.Rfc5424;
    }
}
