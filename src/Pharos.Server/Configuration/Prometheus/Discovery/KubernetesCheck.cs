using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>What Prometheus asks of <c>kubernetes_sd_configs</c>.</summary>
internal static class KubernetesCheck
{
    private static readonly string[] HttpKeys =
        ["basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "tls_config", "proxy_url"];

    public static void Run(YamlMappingReader map)
    {
        var role = map.Text("role");
        var hasServer = map.Has("api_server");
        var hasKubeconfig = map.Has("kubeconfig_file");
        map.ErrorUnless(!hasServer || !hasKubeconfig, "kubeconfig_file",
            "cannot use 'kubeconfig_file' and 'api_server' simultaneously");
        var httpKey = HttpKeys.FirstOrDefault(map.Has);
        if (httpKey is not null && hasKubeconfig)
        {
            map.ErrorAt(httpKey, "cannot use a custom HTTP client configuration together with 'kubeconfig_file'");
        }
        else if (httpKey is not null && !hasServer)
        {
            map.ErrorAt(httpKey, "to use custom HTTP client configuration please provide the 'api_server' URL explicitly");
        }
        if (map.Mapping("namespaces") is { } namespaces)
        {
            var own = namespaces.Flag("own_namespace");
            namespaces.Texts("names");
            namespaces.Done();
            map.ErrorUnless(!own || !hasServer, "namespaces", "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously");
            map.ErrorUnless(!own || !hasKubeconfig, "namespaces",
                "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
        }
        if (map.Mapping("attach_metadata") is { } attach)
        {
            attach.Flag("node");
            attach.Flag("namespace");
            attach.Flag("deployment");
            attach.Flag("job");
            attach.Flag("cronjob");
            attach.Done();
        }
        CheckSelectors(map, role);
    }

    private static void CheckSelectors(YamlMappingReader map, string role)
    {
        var allowed = role switch
        {
            "pod" => ["pod"],
            "service" => ["service"],
            "endpoints" => ["pod", "service", "endpoints"],
            "endpointslice" => ["pod", "service", "endpointslice"],
            "node" => ["node"],
            "ingress" => (string[])["ingress"],
            _ => [],
        };
        // A pod's node may be selected in any case, and an endpoint's node and namespace where their metadata is attached.
        var nodes = role == "pod";
        if (map.Mapping("attach_metadata") is { } attach)
        {
            allowed = attach.Flag("node") ? [.. allowed, "node"] : allowed;
            allowed = attach.Flag("namespace") ? [.. allowed, "namespace"] : allowed;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in map.List("selectors"))
        {
            if (item.AsMapping() is not { } selector)
            {
                continue;
            }
            var of = selector.Text("role");
            if (!seen.Add(of))
            {
                selector.ErrorAt("role", $"duplicated selector role: {of}");
            }
            if (!allowed.Contains(of) && !(nodes && of == "node"))
            {
                selector.ErrorAt("role", $"{role} role supports only {string.Join(", ", allowed)} selectors{(nodes ? " and those of nodes" : "")}");
            }
            CheckSelector(selector, "label");
            CheckSelector(selector, "field");
            selector.Done();
        }
    }

    private static void CheckSelector(YamlMappingReader selector, string key)
    {
        if (selector.Find(key) is not { } value || value.AsText() is not { Length: > 0 } text)
        {
            return;
        }
        // A field selector compares; a label selector may also just name a label.
        if (key == "field" && text.Split(',').FirstOrDefault(part => part.Length > 0 && !part.Contains('=', StringComparison.Ordinal)) is { } wrong)
        {
            value.Error($"invalid selector: '{text}'; can't understand '{wrong}': it must compare with =, == or !=");
        }
    }
}
