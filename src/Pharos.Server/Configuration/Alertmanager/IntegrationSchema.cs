using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>What may stand in a receiver's integration that does not send yet.</summary>
/// <param name="Kind">The key without <c>_configs</c>.</param>
/// <param name="Keys">Blank-separated; <c>send_resolved</c> and <c>http_config</c> are always allowed.</param>
internal sealed record IntegrationSchema(string Kind, string Keys)
{
    /// <summary>Keys that must be there, blank-separated.</summary>
    public string Required { get; init; } = "";

    /// <summary>Secrets with a <c>_file</c> twin; one of the two, or the global key, must be there.</summary>
    public IReadOnlyList<(string Key, Func<AlertmanagerGlobal, Secret?>? Global)> Secrets { get; init; } = [];

    /// <summary>Blank-separated; one of them must be there.</summary>
    public string AnyOf { get; init; } = "";

    public void Check(YamlMappingReader map, AlertmanagerGlobal global)
    {
        map.Flag("send_resolved");
        if (map.Find("http_config") is { } http)
        {
            HttpClientSection.Read(http);
        }
        map.Accept(Split(Keys));
        foreach (var key in Split(Required))
        {
            map.ErrorUnless(map.Has(key), key, $"missing {key} in {Kind} config");
        }
        foreach (var (key, inherited) in Secrets)
        {
            map.ErrorUnless(map.SecretOrFile(key, $"{key}_file") is not null || inherited?.Invoke(global) is not null, key,
                $"one of {key} or {key}_file must be configured");
        }
        var alternatives = Split(AnyOf);
        if (alternatives.Length > 0 && !alternatives.Any(map.Has))
        {
            map.Owner.Error($"one of {string.Join(", ", alternatives)} must be configured in {Kind} config");
        }
        if (map.Mapping("sigv4") is { } sigv4)
        {
            CloudAuthKeys.ReadSigV4(sigv4, "sns");
        }
        map.Done();
    }

    private static string[] Split(string keys) => keys.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
