namespace Pharos.Server.Api.Grpc;

/// <summary>What a unary gRPC method gives back.</summary>
/// <param name="Message">Why it failed; empty where it did not.</param>
/// <param name="Body">The answer's message where it did not fail.</param>
internal readonly record struct GrpcAnswer(GrpcCode Status, string Message, ReadOnlyMemory<byte> Body)
{
    public static GrpcAnswer Ok(ReadOnlyMemory<byte> body) => new(GrpcCode.Ok, "", body);

    public static GrpcAnswer Failed(GrpcCode status, string message) => new(status, message, default);
}
