using System.Net.Http.Headers;
using Pharos.Server.Outbound.Aws;

namespace Pharos.Server.Tests.Outbound.Aws;

public sealed class AwsSignatureTests
{
    private static readonly AwsCredentials Keys = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static readonly DateTimeOffset Time = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    /// <summary>The worked example of Amazon's documentation of signature version 4.</summary>
    [Fact]
    public void A_request_is_signed_as_in_the_documentation()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08")
        {
            Content = new ByteArrayContent([]),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded; charset=utf-8");
        AwsSignature.Sign(request, [], Keys, "us-east-1", "iam", Time);
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
            + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            request.Headers.GetValues("Authorization").Single());
        Assert.Equal("20150830T123600Z", request.Headers.GetValues("X-Amz-Date").Single());
    }

    /// <summary>From Amazon's suite of test vectors: get-vanilla-query-order-key-case, post-vanilla.</summary>
    [Theory]
    [InlineData("GET", "https://example.amazonaws.com/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("POST", "https://example.amazonaws.com/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void Vectors_of_the_suite(string method, string url, string signature)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        AwsSignature.Sign(request, [], Keys, "us-east-1", "service", Time);
        Assert.EndsWith($"SignedHeaders=host;x-amz-date, Signature={signature}", request.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_token_is_sent_and_signed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/");
        AwsSignature.Sign(request, [], Keys with { SessionToken = "tok" }, "us-east-1", "service", Time);
        Assert.Equal("tok", request.Headers.GetValues("X-Amz-Security-Token").Single());
        Assert.Contains("SignedHeaders=host;x-amz-date;x-amz-security-token", request.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
    }
}
