using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Server.Api.Grpc;
using Pharos.Server.Api.Jaeger.Model;
using Pharos.Server.Api.Jaeger.Search;
using Pharos.Server.Api.Otlp.Traces;
using Pharos.Server.Traces;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Grpc;

/// <summary>Jaeger's query services over gRPC, as Kiali and Jaeger's own remote readers call them.</summary>
internal sealed class JaegerQueryService(TraceQueries traces, TraceTenancy tenancy, TimeProvider time, ILogger logger)
{
    private const string Second = "/jaeger.api_v2.QueryService/";
    private const string Third = "/jaeger.api_v3.QueryService/";

    /// <summary>As Jaeger: small messages, whatever a trace holds.</summary>
    private const int SpansInChunk = 10;

    /// <summary>Keeps a message of the third service well below the 4 MiB that clients take.</summary>
    private const int SpansInMessage = 1_000;

    private const ulong Serving = 1;

    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, Second + "GetTrace", GetSecondAsync);
        Map(routes, Second + "FindTraces", FindSecondAsync);
        Map(routes, Second + "ArchiveTrace", ArchiveAsync);
        Map(routes, Second + "GetServices", ServicesAsync);
        Map(routes, Second + "GetOperations", (message, replies) => OperationsAsync(message, replies, isSecond: true));
        Map(routes, Second + "GetDependencies", DependenciesAsync);
        Map(routes, Third + "GetTrace", GetThirdAsync);
        Map(routes, Third + "FindTraces", FindThirdAsync);
        Map(routes, Third + "GetServices", ServicesAsync);
        Map(routes, Third + "GetOperations", (message, replies) => OperationsAsync(message, replies, isSecond: false));
        Map(routes, "/grpc.health.v1.Health/Check", static (_, replies) =>
        {
            var reply = new ProtobufWriter();
            reply.UInt64EvenZero(1, Serving);
            return replies.SendAsync(reply).AsTask();
        });
    }

    private void Map(IEndpointRouteBuilder routes, string path, Func<ReadOnlyMemory<byte>, GrpcReplies, Task> answer) =>
        routes.MapMethods(path, ["POST"], (RequestDelegate)new GrpcStreamMethod(answer, logger).AnswerAsync);

    private async Task GetSecondAsync(ReadOnlyMemory<byte> message, GrpcReplies replies)
    {
        var (id, isRaw) = QueryMessages.TraceOf(message.Span, isText: false);
        var trace = Traces(replies).Get(id, isRaw) ?? throw NotFound($"{JaegerRefusal.TraceNotFound}: {JaegerRefusal.TraceNotFound}");
        await SendSecondAsync(trace.Spans, replies);
    }

    private async Task FindSecondAsync(ReadOnlyMemory<byte> message, GrpcReplies replies)
    {
        foreach (var trace in Traces(replies).Find(SearchIn(message.Span), replies.Cancellation))
        {
            await SendSecondAsync(trace.Spans, replies);
        }
    }

    private static async Task SendSecondAsync(IReadOnlyList<Span> spans, GrpcReplies replies)
    {
        var chunk = new ProtobufWriter();
        for (var i = 0; i < spans.Count; i++)
        {
            ModelProtobuf.Write(chunk, 1, spans[i]);
            if ((i + 1) % SpansInChunk == 0 || i + 1 == spans.Count)
            {
                await replies.SendAsync(chunk);
                chunk.Clear();
            }
        }
    }

    private async Task ArchiveAsync(ReadOnlyMemory<byte> message, GrpcReplies replies)
    {
        var (id, _) = QueryMessages.TraceOf(message.Span, isText: false);
        if (!Traces(replies).Archive(id, out var refusal))
        {
            throw NotFound($"{JaegerRefusal.TraceNotFound}: {JaegerRefusal.TraceNotFound}");
        }
        if (refusal.Length > 0)
        {
            throw new GrpcRefusal(GrpcCode.Internal, $"failed to archive trace: {refusal}");
        }
        await replies.SendAsync(new ProtobufWriter());
    }

    private async Task GetThirdAsync(ReadOnlyMemory<byte> message, GrpcReplies replies)
    {
        var (id, isRaw) = QueryMessages.TraceOf(message.Span, isText: true);
        var trace = Traces(replies).Get(id, isRaw) ?? throw NotFound(JaegerRefusal.TraceNotFound);
        await SendThirdAsync(trace.Spans, replies);
    }

    private async Task FindThirdAsync(ReadOnlyMemory<byte> message, GrpcReplies replies)
    {
        var search = SearchIn(message.Span);
        if (search.StartNs == long.MinValue || search.EndNs == long.MaxValue)
        {
            throw Invalid("start time min and max are required parameters");
        }
        if (search.StartNs > search.EndNs)
        {
            throw Invalid("start_time_min must be before start_time_max");
        }
        if (search.Limit <= 0)
        {
            throw Invalid("search depth must be greater than 0");
        }
        foreach (var trace in Traces(replies).Find(search, replies.Cancellation))
        {
            await SendThirdAsync(trace.Spans, replies);
        }
    }

    private static async Task SendThirdAsync(IReadOnlyList<Span> spans, GrpcReplies replies)
    {
        var message = new ProtobufWriter();
        foreach (var part in spans.Chunk(SpansInMessage))
        {
            message.Clear();
            OtlpTraceProtobuf.Write(message, part);
            await replies.SendAsync(message);
        }
    }

    private async Task ServicesAsync(ReadOnlyMemory<byte> message, GrpcReplies replies)
    {
        var reply = new ProtobufWriter();
        foreach (var service in Traces(replies).Services())
        {
            reply.TextEvenEmpty(1, service);
        }
        await replies.SendAsync(reply);
    }

    /// <summary>The second service gives the names alone, too, before them.</summary>
    private async Task OperationsAsync(ReadOnlyMemory<byte> message, GrpcReplies replies, bool isSecond)
    {
        var (service, kind) = QueryMessages.OperationsOf(message.Span);
        var operations = Traces(replies).Operations(service).Where(operation => kind.Length == 0 || JaegerTags.KindOf(operation.Kind) == kind).ToList();
        var reply = new ProtobufWriter();
        if (isSecond)
        {
            foreach (var name in operations.Select(static operation => operation.Name).Distinct(StringComparer.Ordinal))
            {
                reply.TextEvenEmpty(1, name);
            }
        }
        foreach (var operation in operations)
        {
            var inner = reply.Begin(isSecond ? 2 : 1);
            reply.Text(1, operation.Name);
            reply.Text(2, JaegerTags.KindOf(operation.Kind));
            reply.End(inner);
        }
        await replies.SendAsync(reply);
    }

    private async Task DependenciesAsync(ReadOnlyMemory<byte> message, GrpcReplies replies)
    {
        var (start, end) = QueryMessages.RangeOf(message.Span);
        var reply = new ProtobufWriter();
        foreach (var call in Traces(replies).Calls(start ?? long.MinValue, end ?? NanosecondTime.Of(time.GetUtcNow()), replies.Cancellation))
        {
            var inner = reply.Begin(1);
            reply.Text(1, call.Parent);
            reply.Text(2, call.Child);
            reply.Int64(3, call.Count);
            reply.End(inner);
        }
        await replies.SendAsync(reply);
    }

    private TraceQueries Traces(GrpcReplies replies) => traces.Of(JaegerTenancy.OfCall(tenancy, replies.Context));

    private static TraceSearch SearchIn(ReadOnlySpan<byte> message) => QueryMessages.SearchOf(message) ?? throw Invalid("missing query");

    private static GrpcRefusal Invalid(string message) => new(GrpcCode.InvalidArgument, message);

    private static GrpcRefusal NotFound(string message) => new(GrpcCode.NotFound, message);
}
