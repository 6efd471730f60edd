using System.Text;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>The current context of a kubeconfig file (kubernetes.io/docs/reference/config-api/kubeconfig.v1).</summary>
internal sealed record Kubeconfig(Uri Server, string Namespace, HttpClientConfig Http)
{
    /// <exception cref="FormatException">The file cannot be read or lacks what is needed; the message says what.</exception>
    public static Kubeconfig Read(string path)
    {
        if (!ConfigText.TryRead(path, out var text, out var error))
        {
            throw new FormatException($"{path}: {error}");
        }
        var reading = new ConfigReading(path, text);
        var root = YamlTreeBuilder.Build(reading) as YamlMapping
            ?? throw new FormatException($"{path}: {(reading.Problems is [var first, ..] ? first.Message : "no mapping")}");
        var context = Named(path, root, "context", Text(root, "current-context"));
        var cluster = Named(path, root, "cluster", Text(context, "cluster"));
        var user = Named(path, root, "user", Text(context, "user"));
        if (user?.Find("exec") is not null || user?.Find("auth-provider") is not null)
        {
            throw new FormatException($"{path}: users with exec or auth-provider are not supported; give a token or a certificate");
        }
        if (!Uri.TryCreate(Text(cluster, "server"), UriKind.Absolute, out var server))
        {
            throw new FormatException($"{path}: the cluster's server is no URL");
        }
        return new Kubeconfig(server, Text(context, "namespace"), ReadHttp(reading, cluster, user));
    }

    private static HttpClientConfig ReadHttp(ConfigReading reading, YamlMapping? cluster, YamlMapping? user)
    {
        var token = Text(user, "token") is { Length: > 0 } inline ? Secret.Inline(inline) : File(reading, user, "tokenFile");
        var name = Text(user, "username");
        return new HttpClientConfig
        {
            Authorization = token is null ? null : new AuthorizationConfig("Bearer", token),
            BasicAuth = name.Length == 0 || token is not null ? null
                : new BasicAuthConfig(Secret.Inline(name), Secret.Inline(Text(user, "password"))),
            Tls = new TlsConfig
            {
                Ca = Pem(reading, cluster, "certificate-authority"),
                Cert = Pem(reading, user, "client-certificate"),
                Key = Pem(reading, user, "client-key"),
                ServerName = Text(cluster, "tls-server-name"),
                InsecureSkipVerify = Text(cluster, "insecure-skip-tls-verify") == "true",
            },
            Proxy = Uri.TryCreate(Text(cluster, "proxy-url"), UriKind.Absolute, out var proxy)
                ? ProxyConfig.None with { Url = proxy } : ProxyConfig.None,
        };
    }

    /// <summary>The mapping below <c>{kind}s[name].{kind}</c>.</summary>
    private static YamlMapping? Named(string path, YamlMapping root, string kind, string name)
    {
        foreach (var item in (root.Find($"{kind}s")?.Value as YamlSequence)?.Items.OfType<YamlMapping>() ?? [])
        {
            if (Text(item, "name") == name)
            {
                return item.Find(kind)?.Value as YamlMapping;
            }
        }
        return name.Length == 0 && kind == "user" ? null : throw new FormatException($"{path}: there is no {kind} \"{name}\"");
    }

    private static string Text(YamlMapping? mapping, string key) =>
        mapping?.Find(key)?.Value is YamlScalar { IsNull: false } scalar ? YamlScalarTypes.Text(scalar) ?? "" : "";

    private static Secret? File(ConfigReading reading, YamlMapping? mapping, string key) =>
        Text(mapping, key) is { Length: > 0 } file ? Secret.FromFile(reading.Resolve(file)) : null;

    /// <summary>PEM inline as base64 under <c>{key}-data</c>, or in the file that the key names.</summary>
    private static Secret? Pem(ConfigReading reading, YamlMapping? mapping, string key)
    {
        if (Text(mapping, $"{key}-data") is not { Length: > 0 } data)
        {
            return File(reading, mapping, key);
        }
        try
        {
            return Secret.Inline(Encoding.ASCII.GetString(Convert.FromBase64String(data)));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{reading.File}: {key}-data is no base64", e);
        }
    }
}
