using Microsoft.AspNetCore.Http;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Query.TraceQL;
using Pharos.Server.Api.Loki;
using Pharos.Server.Api.Otlp.Traces;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Tempo;

/// <summary>A trace by its id, as OTLP.</summary>
internal sealed class TempoTraceEndpoints(ITraceStore store)
{
    /// <summary>Spans that an answer holds at most; of a longer trace the earliest, and the answer says so where it can.</summary>
    private const int MaxSpans = 250_000;

    private const string Protobuf = "application/protobuf";

    public void Map(TempoRoutes routes)
    {
        routes.Map("/api/traces/{id}", FirstVersionAsync);
        routes.Map("/api/v2/traces/{id}", SecondVersionAsync);
    }

    private Task FirstVersionAsync(TempoRequest request)
    {
        var trace = Find(request);
        return request.WantsProtobuf ? ProtobufAsync(request.Context, writer => OtlpTraceProtobuf.Write(writer, trace.Spans))
            : LokiReply.JsonAsync(request.Context, async stream =>
            {
                stream.Writer.WriteStartObject();
                stream.Writer.WritePropertyName("batches"u8);
                await OtlpTraceJson.WriteAsync(stream, trace.Spans, OtlpJsonForm.Protobuf);
                stream.Writer.WriteEndObject();
            });
    }

    private Task SecondVersionAsync(TempoRequest request)
    {
        var trace = Find(request);
        var spans = trace.Spans;
        if (request.Has("q"))
        {
            spans = TraceSelection.Pick(trace, Filter(request.Text("q")), request.Text("keep_hierarchy") is not ("false" or "0"));
        }
        var message = trace.LeftOut > 0 ? $"trace exceeds the maximum of {MaxSpans} spans: {trace.LeftOut} later ones are left out" : "";
        return request.WantsProtobuf ? ProtobufAsync(request.Context, writer => Write(writer, spans, message))
            : LokiReply.JsonAsync(request.Context, async stream =>
        {
            stream.Writer.WriteStartObject();
            stream.Writer.WriteStartObject("trace"u8);
            stream.Writer.WritePropertyName("resourceSpans"u8);
            await OtlpTraceJson.WriteAsync(stream, spans, OtlpJsonForm.Protobuf);
            stream.Writer.WriteEndObject();
            stream.Writer.WriteStartObject("metrics"u8);
            stream.Writer.WriteEndObject();
            if (message.Length > 0)
            {
                stream.Writer.WriteString("status"u8, "PARTIAL");
                stream.Writer.WriteString("message"u8, message);
            }
            stream.Writer.WriteEndObject();
        });
    }

    /// <summary><c>TraceByIDResponse</c>.</summary>
    private static void Write(ProtobufWriter writer, IReadOnlyList<Span> spans, string message)
    {
        var trace = writer.Begin(1);
        OtlpTraceProtobuf.Write(writer, spans);
        writer.End(trace);
        writer.End(writer.Begin(2));
        writer.Int64(3, message.Length > 0 ? 1 : 0);
        writer.Text(4, message);
    }

    private static Task ProtobufAsync(HttpContext context, Action<ProtobufWriter> write)
    {
        var writer = new ProtobufWriter();
        write(writer);
        context.Response.ContentType = Protobuf;
        context.Response.ContentLength = writer.Length;
        return context.Response.BodyWriter.WriteAsync(writer.Written.ToArray(), context.RequestAborted).AsTask();
    }

    private Trace Find(TempoRequest request)
    {
        request.Range();
        return store.Get(request.Tenant, Id((string)request.Context.Request.RouteValues["id"]!), MaxSpans) ?? throw new TempoRefusal(404, "trace not found");
    }

    private static TraceId Id(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiHexDigit(text[i]))
            {
                throw TempoRefusal.BadRequest($"trace IDs can only contain hex characters: invalid character '{text[i]}' at position {i + 1}");
            }
        }
        return TraceId.TryParse(text, out var id) ? id : throw TempoRefusal.BadRequest("trace IDs can't be larger than 128 bits");
    }

    private static Query.TraceQL.Syntax.SpansetExpr.Filter Filter(string text)
    {
        try
        {
            return TraceParser.ParseFilter(text);
        }
        catch (TraceParseException e)
        {
            throw TempoRefusal.BadRequest($"invalid TraceQL query: {e.Message}");
        }
    }
}
