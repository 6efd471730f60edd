using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pharos.Server.Api.Grpc;

/// <summary>A unary gRPC method.</summary>
/// <param name="name">What the log calls it.</param>
/// <param name="answer">Keeps nothing of the message. May throw what its callers may see: <see cref="InvalidDataException"/> for a malformed
/// message, <see cref="IOException"/> where a repeat can help.</param>
internal sealed class GrpcMethod(string name, Func<HttpContext, ReadOnlyMemory<byte>, GrpcAnswer> answer, ILogger logger)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var call = new GrpcCall(context);
        if (!call.TryBegin())
        {
            return;
        }
        try
        {
            using var message = await call.ReadAsync();
            var given = await Task.Run(() => answer(context, message.Bytes), context.RequestAborted);
            if (given.Status == GrpcCode.Ok)
            {
                await WriteAsync(context, given.Body);
            }
            await call.EndAsync(given.Status, given.Message);
        }
        catch (GrpcRefusal e)
        {
            await call.EndAsync(e.Code, e.Message);
        }
        catch (InvalidDataException e)
        {
            await call.EndAsync(GrpcCode.InvalidArgument, e.Message);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await call.EndAsync(GrpcCode.ResourceExhausted, "grpc: received message larger than max");
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The sender keeps what it has, and tries again.
            logger.LogError(e, "What came by gRPC cannot be stored: {Method}", name);
            await call.EndAsync(GrpcCode.Unavailable, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "A gRPC request failed: {Method}", name);
            await call.EndAsync(GrpcCode.Internal, "internal error");
        }
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> message)
    {
        var frame = new byte[GrpcCall.FrameHeaderBytes + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.Span.CopyTo(frame.AsSpan(GrpcCall.FrameHeaderBytes));
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
    }
}
