using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Pharos.Collection.RemoteStorage.Wire;

namespace Pharos.Server.Api.Grpc;

/// <summary>Sends the messages that answer a call, each behind a byte for "not compressed" and its length.</summary>
internal sealed class GrpcReplies(HttpContext context)
{
    /// <summary>How much may wait in memory before it is sent on.</summary>
    private const int PortionBytes = 64 * 1024;

    private readonly PipeWriter _pipe = context.Response.BodyWriter;

    /// <summary>The call that is answered.</summary>
    public HttpContext Context => context;

    public CancellationToken Cancellation => context.RequestAborted;

    /// <param name="message">The caller's again afterwards.</param>
    public async ValueTask SendAsync(ProtobufWriter message)
    {
        var frame = _pipe.GetSpan(GrpcCall.FrameHeaderBytes);
        frame[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)message.Length);
        _pipe.Advance(GrpcCall.FrameHeaderBytes);
        Copy(message);
        if (_pipe.UnflushedBytes >= PortionBytes)
        {
            await _pipe.FlushAsync(Cancellation);
        }
    }

    private void Copy(ProtobufWriter message)
    {
        var rest = message.Written;
        while (!rest.IsEmpty)
        {
            var room = _pipe.GetSpan();
            var length = Math.Min(room.Length, rest.Length);
            rest[..length].CopyTo(room);
            _pipe.Advance(length);
            rest = rest[length..];
        }
    }
}
