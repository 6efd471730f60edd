using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pharos.Conformance.Tests.Api;

/// <summary>What matters of an answer: status, media type, and the body with what no two servers share taken out.</summary>
internal sealed record ApiAnswer(int Status, string ContentType, string Body)
{
    /// <summary>Fields that are another one each time, or each server's own.</summary>
    private static readonly HashSet<string> Volatile = new(StringComparer.Ordinal)
    {
        "lastScrape", "lastScrapeDuration", "evaluationTime", "lastEvaluation", "activeAt", "evalTotalTime", "execTotalTime", "innerEvalTime",
        "queryPreparationTime", "resultSortTime", "execQueueTime", "peakSamples", "version", "revision", "branch", "buildUser", "buildDate",
        "goVersion", "startTime", "CWD", "goroutineCount", "GOMAXPROCS", "lastConfigTime", "GOGC", "file", "lastError",
        "storageRetention", "current", "max", "min", "chunkCount", "numLabelPairs", "minTime", "maxTime", "name_of_snapshot",
    };

    public static async Task<ApiAnswer> AskAsync(HttpClient client, ApiQuestion question)
    {
        using var request = new HttpRequestMessage(new HttpMethod(question.Method), question.Path);
        if (question.Form is { } form)
        {
            request.Content = new StringContent(form, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        }
        if (question.Accept is { } accept)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        // Of a HEAD there is no body, and no telling what it would be.
        var type = question.Method == "HEAD" ? "" : response.Content.Headers.ContentType?.ToString() ?? "";
        return new ApiAnswer((int)response.StatusCode, type, type == "application/json" ? Normal(body) : body);
    }

    public override string ToString() => $"{Status} {ContentType}\n      {(Body.Length > 600 ? Body[..600] + "..." : Body)}";

    private static string Normal(string json)
    {
        var node = JsonNode.Parse(json)!;
        return Sorted(node, "")!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Fields in the order of their names: JSON gives the order no meaning.</summary>
    private static JsonNode? Sorted(JsonNode? node, string name) => node switch
    {
        _ when Volatile.Contains(name) && node is not null => JsonValue.Create("(varies)"),
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value, field.Key)))),
        JsonArray items => new JsonArray([.. items.Select(item => Sorted(item, ""))]),
        _ => node?.DeepClone(),
    };
}
