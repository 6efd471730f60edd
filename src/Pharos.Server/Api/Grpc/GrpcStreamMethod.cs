using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pharos.Server.Api.Grpc;

/// <summary>A method of a gRPC service that takes one message and answers with any number of them.</summary>
internal sealed class GrpcStreamMethod(Func<ReadOnlyMemory<byte>, GrpcReplies, Task> answer, ILogger logger)
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
            await answer(message.Bytes, new GrpcReplies(context));
            await call.EndAsync(GrpcCode.Ok, "");
        }
        catch (GrpcRefusal e)
        {
            await call.EndAsync(e.Code, e.Message);
        }
        catch (InvalidDataException e)
        {
            await call.EndAsync(GrpcCode.InvalidArgument, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
        {
            logger.LogError(e, "A call of {Path} failed", context.Request.Path);
            await call.EndAsync(GrpcCode.Internal, "internal error");
        }
    }
}
