using System.Text.Json;

namespace Pharos.Cli;

/// <summary>Asks a running server, this program or one of the peers.</summary>
internal sealed class ServerClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;

    public ServerClient(string address) => _http = new HttpClient
    {
        BaseAddress = new Uri(address.EndsWith('/') ? address : address + "/"),
        Timeout = Timeout,
    };

    public void Dispose() => _http.Dispose();

    /// <exception cref="ServerClientException">The server cannot be reached or refuses; the message says which and why.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellation);

    public Task<JsonElement> PostFormAsync(
        string path, IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) }, cancellation);

    public Task<JsonElement> PostJsonAsync(string path, string json, CancellationToken cancellation) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            },
            cancellation);

    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), cancellation);

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var owned = request;
        string text;
        int status;
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            text = await response.Content.ReadAsStringAsync(cancellation);
            status = (int)response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new ServerClientException($"{_http.BaseAddress}: {e.Message}");
        }
        var json = Parse(text);
        if (status is < 200 or > 299)
        {
            throw new ServerClientException($"{_http.BaseAddress}{request.RequestUri}: {Reason(json, text, status)}");
        }
        return json ?? default;
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Reason(JsonElement? json, string text, int status)
    {
        if (json is { ValueKind: JsonValueKind.String } reason)
        {
            return reason.GetString()!;
        }
        if (json is { ValueKind: JsonValueKind.Object } body)
        {
            foreach (var name in (string[])["error", "message"])
            {
                if (body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String)
                {
                    return value.GetString()!;
                }
            }
        }
        return text.Length > 0 ? $"{status}: {text.Trim()}" : $"the server answered {status}";
    }
}
