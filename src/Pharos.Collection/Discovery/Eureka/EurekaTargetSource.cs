using System.Xml.Linq;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Eureka;

/// <summary>One target per instance of an application.</summary>
internal sealed class EurekaTargetSource(EurekaDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_eureka_app_instance_";

    private readonly DiscoveryClient _client = new(options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{options.Server}/apps");
        request.Headers.Accept.ParseAdd("application/xml");
        var root = await _client.SendForXmlAsync(request, cancellation).ConfigureAwait(false);
        var targets = root.Elements("application").SelectMany(application =>
            application.Elements("instance").Select(instance => Target(Text(application, "name"), instance)));
        return [new TargetGroup("eureka", [.. targets], LabelSet.Empty)];
    }

    public void Dispose() => _client.Dispose();

    private static LabelSet Target(string application, XElement instance)
    {
        var host = Text(instance, "hostName");
        var port = instance.Element("port");
        var labels = new LabelSetBuilder()
            .Set(TargetGroup.AddressLabel, MetaLabels.JoinHostPort(host, port?.Value.Trim() ?? "80"))
            .Set("instance", Text(instance, "instanceId"))
            .Set("__meta_eureka_app_name", application)
            .Set($"{Prefix}hostname", host)
            .Set($"{Prefix}homepage_url", Text(instance, "homePageUrl"))
            .Set($"{Prefix}statuspage_url", Text(instance, "statusPageUrl"))
            .Set($"{Prefix}healthcheck_url", Text(instance, "healthCheckUrl"))
            .Set($"{Prefix}ip_addr", Text(instance, "ipAddr"))
            .Set($"{Prefix}vip_address", Text(instance, "vipAddress"))
            .Set($"{Prefix}secure_vip_address", Text(instance, "secureVipAddress"))
            .Set($"{Prefix}status", Text(instance, "status"))
            .Set($"{Prefix}country_id", Text(instance, "countryId") is { Length: > 0 } country ? country : "0")
            .Set($"{Prefix}id", Text(instance, "instanceId"));
        SetPort(labels, "port", port);
        SetPort(labels, "secure_port", instance.Element("securePort"));
        if (instance.Element("dataCenterInfo") is { } datacenter)
        {
            labels.Set($"{Prefix}datacenterinfo_name", Text(datacenter, "name"));
            SetAll(labels, "datacenterinfo_metadata_", datacenter.Element("metadata"));
        }
        SetAll(labels, "metadata_", instance.Element("metadata"));
        return labels.Build();
    }

    /// <summary>A port with whether it is open: <c>&lt;port enabled="true"&gt;8080&lt;/port&gt;</c>.</summary>
    private static void SetPort(LabelSetBuilder labels, string name, XElement? port)
    {
        if (port is not null)
        {
            labels.Set(Prefix + name, port.Value.Trim())
                .Set($"{Prefix}{name}_enabled", port.Attribute("enabled")?.Value is "true" ? "true" : "false");
        }
    }

    private static void SetAll(LabelSetBuilder labels, string name, XElement? metadata)
    {
        foreach (var item in metadata?.Elements() ?? [])
        {
            labels.Set(Prefix + name + MetaLabels.Sanitize(item.Name.LocalName), item.Value);
        }
    }

    private static string Text(XElement parent, string name) => parent.Element(name)?.Value.Trim() ?? "";
}
