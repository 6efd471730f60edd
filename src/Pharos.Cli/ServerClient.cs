using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pharos.Server.Outbound;

namespace Pharos.Cli;

/// <summary>Asks a running server, this program or one of the peers.</summary>
internal sealed class ServerClient : IDisposable
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;
    private readonly Uri _address;

    /// <param name="httpConfigFile">How to connect; null for plainly.</param>
    /// <exception cref="FormatException">The file or the address is wrong, or both say who asks.</exception>
    public ServerClient(string address, string? httpConfigFile = null, IEnumerable<string>? headers = null, TimeSpan? timeout = null)
    {
        if (!Uri.TryCreate(address.EndsWith('/') ? address : address + "/", UriKind.Absolute, out var url))
        {
            throw new FormatException($"{address} is not a URL");
        }
        if (url.UserInfo.Length > 0 && httpConfigFile is not null)
        {
            throw new FormatException("Cannot set base auth in the server URL and use a http.config.file at the same time");
        }
        _address = new UriBuilder(url) { UserName = "", Password = "" }.Uri;
        _http = ToolHttpClient.Create(httpConfigFile);
        _http.Timeout = timeout is { } own && own > TimeSpan.Zero ? own : DefaultTimeout;
        if (url.UserInfo.Length > 0)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        }
        foreach (var header in headers ?? [])
        {
            var equals = header.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException($"expected KEY=VALUE got '{header}'");
            }
            _http.DefaultRequestHeaders.TryAddWithoutValidation(header[..equals], header[(equals + 1)..]);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="ServerClientException">The server cannot be reached or refuses; the message says which and why.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, At(path)), cancellation);

    public Task<JsonElement> PostFormAsync(
        string path, IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = new FormUrlEncodedContent(form) }, cancellation);

    public Task<JsonElement> PostJsonAsync(string path, string json, CancellationToken cancellation) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
            cancellation);

    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, At(path)), cancellation);

    /// <summary>Whatever a path answers.</summary>
    public Task<(int Status, string Text)> GetTextAsync(string path, CancellationToken cancellation) =>
        AnswerAsync(new HttpRequestMessage(HttpMethod.Get, At(path)), cancellation);

    /// <summary>Asks a question of Prometheus' API by POST, and by GET where a server does not take that.</summary>
    /// <param name="form">Null for a path that only knows GET.</param>
    /// <returns>The whole answer.</returns>
    /// <exception cref="ServerClientException">In promtool's words.</exception>
    public async Task<JsonElement> QueryAsync(
        string path, IReadOnlyList<KeyValuePair<string, string>>? form, CancellationToken cancellation)
    {
        try
        {
            return await QueryOnceAsync(path, form, cancellation);
        }
        catch (ServerClientException e)
        {
            throw new ServerClientException($"query error: {e.Message}");
        }
    }

    private async Task<JsonElement> QueryOnceAsync(
        string path, IReadOnlyList<KeyValuePair<string, string>>? form, CancellationToken cancellation)
    {
        var (status, text) = await AnswerAsync(form is null ? new HttpRequestMessage(HttpMethod.Get, At(path))
            : new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = new FormUrlEncodedContent(form) }, cancellation);
        if (status is 405 or 501 && form is not null)
        {
            var query = string.Join('&', form.Select(static pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
            (status, text) = await AnswerAsync(new HttpRequestMessage(HttpMethod.Get, At($"{path}?{query}")), cancellation);
        }
        if (status is (< 200 or > 299) and not 400 and not 422)
        {
            var what = status switch
            {
                >= 400 and < 500 => $"client_error: client error: {status}",
                >= 500 => $"server_error: server error: {status}",
                _ => $"bad_response: bad response code {status}",
            };
            throw new ServerClientException($"{what}{(text.Length > 0 ? $" (detail: {text.Trim()})" : "")}");
        }
        var answer = Parse(text) is { ValueKind: JsonValueKind.Object } json ? json
            : throw new ServerClientException($"bad_response: the answer is no JSON object (detail: {text.Trim()})");
        return answer.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.String && error.GetString()!.Length > 0
            ? throw new ServerClientException($"{(answer.TryGetProperty("errorType", out var type) ? $"{type.GetString()}: " : "")}{error.GetString()}")
            : answer;
    }

    private Uri At(string path) => new(_address, path.TrimStart('/'));

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var url = request.RequestUri;
        var (status, text) = await AnswerAsync(request, cancellation);
        var json = Parse(text);
        return status is >= 200 and <= 299 ? json ?? default : throw new ServerClientException($"{url}: {Reason(json, text, status)}");
    }

    private async Task<(int Status, string Text)> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var owned = request;
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            var method = request.Method == HttpMethod.Post ? "Post" : request.Method == HttpMethod.Get ? "Get" : "Delete";
            throw new ServerClientException($"{method} \"{request.RequestUri}\": {e.Message}");
        }
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
