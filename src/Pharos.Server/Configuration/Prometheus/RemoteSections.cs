using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>remote_write</c> and <c>remote_read</c> for their faults; neither runs yet.</summary>
internal sealed class RemoteSections(bool legacyNames)
{
    private const string AuthorizationMessage = "authorization header must be changed via the basic_auth, authorization, " +
        "oauth2, sigv4, azuread or google_iam parameter";

    public void ReadWrite(YamlMappingReader file) =>
        ReadList(file, "remote_write", "samples are not forwarded yet", ReadWriteEntry);

    public void ReadRead(YamlMappingReader file) =>
        ReadList(file, "remote_read", "queries do not read from other stores yet", ReadReadEntry);

    private static void ReadList(YamlMappingReader file, string key, string notHonoured, Action<YamlMappingReader> read)
    {
        if (file.NotHonoured(key, notHonoured) is not { } list)
        {
            return;
        }
        var what = key.Replace('_', ' ');
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.AsList())
        {
            if (item.IsNull)
            {
                item.Error($"empty or null {what} config section");
                continue;
            }
            if (item.AsMapping() is not { } map)
            {
                continue;
            }
            var url = map.Text("url");
            map.ErrorUnless(url.Length > 0, "url", $"url for {key} is empty");
            var name = map.Text("name");
            if (name.Length > 0 && !names.Add(name))
            {
                map.ErrorAt("name", $"found multiple {what} configs with job name {YamlValue.Echo(name)}");
            }
            map.Duration("remote_timeout");
            RemoteHeaders.Check(map, AuthorizationMessage);
            HttpClientSection.ReadKeys(map);
            read(map);
            map.Done();
        }
    }

    private void ReadWriteEntry(YamlMappingReader map)
    {
        RelabelSection.ReadList(map, "write_relabel_configs", "relabeling rule in remote write config", legacyNames);
        map.Flag("send_exemplars");
        map.Flag("send_native_histograms");
        map.Flag("round_robin_dns");
        if (map.Find("protobuf_message") is { } message && message.AsText() is { } text &&
            text is not ("prometheus.WriteRequest" or "io.prometheus.write.v2.Request"))
        {
            message.Error($"invalid protobuf_message value: unknown remote write protobuf message {YamlValue.Echo(text)}, " +
                "supported: prometheus.WriteRequest, io.prometheus.write.v2.Request");
        }
        if (map.Mapping("metadata_config") is { } metadata)
        {
            metadata.Flag("send");
            metadata.Duration("send_interval");
            metadata.Count("max_samples_per_send");
            metadata.Done();
        }
        if (map.Mapping("queue_config") is { } queue)
        {
            CheckQueue(queue);
        }
        CloudAuthKeys.AcceptAll(map);
    }

    private static void CheckQueue(YamlMappingReader queue)
    {
        var minShards = queue.Count("min_shards", 1);
        var maxShards = queue.Count("max_shards", 50);
        queue.ErrorUnless(queue.Count("capacity", 10_000) > 0, "capacity", "capacity must be greater than 0");
        queue.ErrorUnless(maxShards > 0, "max_shards", "max_shards must be greater than 0");
        queue.ErrorUnless(minShards > 0, "min_shards", "min_shards must be greater than 0");
        queue.ErrorUnless(minShards <= maxShards, "min_shards", "min_shards must be less than or equal to max_shards");
        queue.ErrorUnless(queue.Count("max_samples_per_send", 2000) > 0, "max_samples_per_send",
            "max_samples_per_send must be greater than 0");
        var minBackoff = queue.Duration("min_backoff", TimeSpan.FromMilliseconds(30));
        var maxBackoff = queue.Duration("max_backoff", TimeSpan.FromSeconds(5));
        queue.ErrorUnless(minBackoff <= maxBackoff, "max_backoff", "max_backoff must be greater than or equal to min_backoff");
        queue.Duration("batch_send_deadline");
        queue.Duration("sample_age_limit");
        queue.Flag("retry_on_http_429");
        queue.Done();
    }

    private static void ReadReadEntry(YamlMappingReader map)
    {
        map.Integer("chunked_read_limit");
        map.Flag("read_recent");
        map.Flag("filter_external_labels");
        foreach (var (_, value) in map.Entries("required_matchers"))
        {
            value.AsText();
        }
    }
}
