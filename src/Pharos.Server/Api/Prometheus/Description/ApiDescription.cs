using System.Text;
using Pharos.Server.Hosting;

namespace Pharos.Server.Api.Prometheus.Description;

/// <summary><c>openapi.yaml</c>: the description of these endpoints, as OpenAPI 3.1 or 3.2.</summary>
/// <remarks>Written by hand in the file of that name beside this one; a test holds it against the routes.</remarks>
internal sealed class ApiDescription
{
    private const string NewerBegins = "  # Only from 3.2 on";
    private const string NewerEnds = "  # End of what is only from 3.2 on.\n";

    private readonly byte[] _older;
    private readonly byte[] _newer;

    /// <param name="prefix">The path before every path, with a slash in front and none behind; may be empty.</param>
    public ApiDescription(string prefix)
    {
        using var written = typeof(ApiDescription).Assembly.GetManifestResourceStream("prometheus-openapi.yaml")!;
        using var reader = new StreamReader(written);
        var newer = reader.ReadToEnd().ReplaceLineEndings("\n")
            .Replace("VERSION", ServerVersion.Number, StringComparison.Ordinal)
            .Replace("SERVER", prefix + "/api/v1", StringComparison.Ordinal);
        _newer = Encoding.UTF8.GetBytes(newer);
        _older = Encoding.UTF8.GetBytes(WithoutNewer(newer).Replace("openapi: 3.2.0", "openapi: 3.1.0", StringComparison.Ordinal));
    }

    public async Task<ApiError?> AnswerAsync(ApiRequest request)
    {
        var response = request.Context.Response;
        response.ContentType = "application/yaml; charset=utf-8";
        response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
        var document = request.Parameters.Text("openapi_version").StartsWith("3.2", StringComparison.Ordinal) ? _newer : _older;
        await response.Body.WriteAsync(document, request.Cancellation);
        return null;
    }

    /// <summary>An item of a stream cannot be described in 3.1: the path that streams is left out.</summary>
    private static string WithoutNewer(string newer)
    {
        var begin = newer.IndexOf(NewerBegins, StringComparison.Ordinal);
        var end = newer.IndexOf(NewerEnds, StringComparison.Ordinal) + NewerEnds.Length;
        return newer.Remove(begin, end - begin);
    }
}
