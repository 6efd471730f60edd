using System.Text.Json;
using Pharos.Storage.Model;
using static Pharos.Collection.Discovery.Kubernetes.ObjectLabels;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>One target per host and path of an ingress, for probes.</summary>
internal static class IngressTargets
{
    public static TargetGroup Build(JsonElement ingress, KubernetesObjects objects)
    {
        var spec = ingress.Get("spec");
        var secured = spec.Items("tls").SelectMany(tls => tls.Items("hosts")).Select(host => host.Text()).ToList();
        var targets = new List<LabelSet>();
        foreach (var rule in spec.Items("rules"))
        {
            var host = rule.Text("host");
            var scheme = secured.Exists(pattern => Covers(pattern, host)) ? "https" : "http";
            targets.AddRange(Paths(rule.Get("http")).Select(path => new LabelSetBuilder()
                .Set(TargetGroup.AddressLabel, host)
                .Set($"{Prefix}ingress_scheme", scheme)
                .Set($"{Prefix}ingress_host", host)
                .Set($"{Prefix}ingress_path", path)
                .Build()));
        }
        var labels = new LabelSetBuilder().SetNamespace(Namespace(ingress), objects)
            .Set($"{Prefix}ingress_class_name", spec.Text("ingressClassName")).SetObject("ingress", ingress);
        return new TargetGroup(Source("ingress", ingress), targets, labels.Build());
    }

    private static IEnumerable<string> Paths(JsonElement http) => http.IsPresent()
        ? http.Items("paths").Select(path => path.Text("path") is { Length: > 0 } text ? text : "/") : ["/"];

    /// <summary>Whether a host is the pattern, or the pattern with its leading <c>*</c> as one label.</summary>
    private static bool Covers(string pattern, string host)
    {
        if (pattern == host)
        {
            return true;
        }
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && pattern.StartsWith("*.", StringComparison.Ordinal)
            && string.Equals(pattern[1..], host[dot..], StringComparison.Ordinal);
    }
}
