using Pharos.Alerting.Receivers.Sns;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Server.Outbound.Aws;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>sns_configs</c>.</summary>
internal static class SnsSection
{
    private const string Service = "sns";
    private static readonly SnsOptions Defaults = new();

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var aws = map.Mapping("sigv4") is { } sigv4 ? CloudAuthKeys.ReadSigV4(sigv4, Service) : new AwsConfig { Service = Service };
        var region = AwsSurroundings.Process.Region(aws);
        var options = new SnsOptions
        {
            SendResolved = map.Flag("send_resolved", Defaults.SendResolved),
            ApiUrl = map.Text("api_url"),
            RegionalUrl = region.Length > 0 ? AwsEndpoints.Of(Service, region) : "",
            TopicArn = map.Text("topic_arn"),
            PhoneNumber = map.Text("phone_number"),
            TargetArn = map.Text("target_arn"),
            Subject = map.Text("subject", Defaults.Subject),
            Message = map.Text("message", Defaults.Message),
            Attributes = TextEntries.Read(map, "attributes"),
        };
        // Which of Alertmanager's two HTTP clients sends makes no difference here.
        map.Flag("use_aws_http_client");
        var given = new[] { options.TopicArn, options.PhoneNumber, options.TargetArn }.Count(static text => text.Length > 0);
        if (given is 0 or 2)
        {
            // All three at once load, as they do at Alertmanager.
            map.Owner.Error("must provide either a Target ARN, Topic ARN, or Phone Number for SNS config");
        }
        return new IntegrationConfig(options, http with { Aws = aws }, setup => new SnsNotifier(options, setup));
    }
}
