using System.Buffers;
using CsCheck;
using Pharos.Server.Api;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Tests.Api;

public sealed class BufferChainTests
{
    /// <summary>Whatever is written, asked for, appended and taken in whatever order comes out as it went in.</summary>
    [Fact]
    public void Bytes_come_out_in_the_order_they_went_in() =>
        Gen.Select(Gen.Int[0, 3], Gen.OneOf(Gen.Int[0, 40], Gen.Int[0, 9000], Gen.Int[0, 90_000])).List[0, 40].Sample(acts =>
        {
            using var chain = new BufferChain();
            var (wanted, found) = (new List<byte>(), new List<byte>());
            byte next = 0;
            foreach (var (act, size) in acts)
            {
                byte[] bytes = [.. Enumerable.Range(0, size).Select(_ => next++)];
                switch (act)
                {
                    case 0:
                        chain.Write(bytes);
                        wanted.AddRange(bytes);
                        break;
                    case 1:
                        // Less than what was asked for.
                        bytes.AsSpan(0, size / 2).CopyTo(chain.GetSpan(size));
                        chain.Advance(size / 2);
                        wanted.AddRange(bytes.AsSpan(0, size / 2));
                        break;
                    case 2:
                        var part = new PooledBuffer(1);
                        part.Write(bytes);
                        chain.Append(part);
                        wanted.AddRange(bytes);
                        break;
                    default:
                        Take(chain, found);
                        break;
                }
                Assert.Equal(wanted.Count - found.Count, chain.Length);
            }
            while (Take(chain, found))
            {
            }
            Assert.Equal(0, chain.Length);
            Assert.Equal(wanted, found);
        });

    private static bool Take(BufferChain chain, List<byte> into)
    {
        if (!chain.TryTake(out var buffer))
        {
            return false;
        }
        using (buffer)
        {
            into.AddRange(buffer.Written.Span);
        }
        return true;
    }
}
