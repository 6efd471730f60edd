using Pharos.Collection.Receivers.Otlp.Traces;
using Pharos.Server.Api.Jaeger.Json;

namespace Pharos.Server.Api.Jaeger;

/// <summary>Shows spans of OTLP's JSON as Jaeger's interface reads them, as they are: for files that are opened there.</summary>
internal static class TransformEndpoint
{
    public static void Map(JaegerRoutes routes) => routes.MapPost("/api/transform", AnswerAsync);

    private static async Task AnswerAsync(JaegerRequest request)
    {
        var http = request.Context.Request;
        using var body = await WholeBody.ReadAsync(http, http.Headers.ContentEncoding == "gzip" ? "gzip" : "", request.Cancellation);
        var traces = OtlpSpans.FromJson(body.Written).GroupBy(static span => span.TraceId).ToList();
        await JaegerReply.DataAsync(request, async stream =>
        {
            stream.Writer.WriteStartArray();
            foreach (var trace in traces)
            {
                await UiTraceJson.WriteAsync(stream, trace.Key, [.. trace]);
            }
            stream.Writer.WriteEndArray();
        });
    }
}
