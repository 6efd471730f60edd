using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pharos.Collection.Discovery.OvhCloud;

/// <summary>Asks OVHcloud's API with signed requests (help.ovhcloud.com, "First steps with the OVHcloud APIs").</summary>
internal sealed class OvhCloudApi(OvhCloudDiscoveryOptions options, TimeProvider time) : IDisposable
{
    private readonly DiscoveryClient _client = new(options.Http);

    /// <summary>How far the API's clock is ahead of ours; null until it was asked.</summary>
    private long? _aheadSeconds;

    /// <summary>The answer to GET; the caller disposes it.</summary>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancellation)
    {
        if (_aheadSeconds is null)
        {
            using var clock = await _client.GetAsync($"{options.Endpoint}/auth/time", cancellation).ConfigureAwait(false);
            _aheadSeconds = clock.RootElement.Number() - time.GetUtcNow().ToUnixTimeSeconds();
        }
        var url = options.Endpoint + path;
        var timestamp = (time.GetUtcNow().ToUnixTimeSeconds() + _aheadSeconds.Value).ToString(CultureInfo.InvariantCulture);
        var consumer = options.ConsumerKey.Reveal();
        return await _client.GetAsync(url, cancellation,
            ("X-Ovh-Application", options.ApplicationKey), ("X-Ovh-Consumer", consumer), ("X-Ovh-Timestamp", timestamp),
            ("X-Ovh-Signature", Signature(options.ApplicationSecret.Reveal(), consumer, url, timestamp))).ConfigureAwait(false);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Of a GET without a body. The API prescribes SHA-1.</summary>
#pragma warning disable CA5350
    internal static string Signature(string secret, string consumer, string url, string timestamp) => "$1$" + Convert.ToHexStringLower(
        SHA1.HashData(Encoding.UTF8.GetBytes($"{secret}+{consumer}+GET+{url}++{timestamp}")));
#pragma warning restore CA5350
}
