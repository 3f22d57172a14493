using MeaiRouter.Catalog;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class NearestNamesTests
{
    private static readonly string[] Names = ["acme/small", "acme/large", "acme/large-2", "other/huge", "openai"];

    [Theory]
    [InlineData("acme/smal", "acme/small")]
    [InlineData("ACME/SMALL", "acme/small")]
    [InlineData("large", "acme/large,acme/large-2")]
    [InlineData("elsewhere/huge", "other/huge")]
    [InlineData("opnai", "openai")]
    [InlineData("something entirely different", "")]
    [InlineData("", "")]
    public void What_was_probably_meant_comes_nearest_first(string name, string nearest) =>
        Assert.Equal(nearest.Split(',', StringSplitOptions.RemoveEmptyEntries), NearestNames.To(name, Names));

    [Fact]
    public void No_more_than_asked_for_are_returned() =>
        Assert.Equal(["m1", "m2"], NearestNames.To("m", ["m3", "m2", "m1"], max: 2));

    [Theory]
    [InlineData("a1", "")]
    [InlineData("other/hug", " Did you mean 'other/huge'?")]
    [InlineData("acme/large-", " Did you mean 'acme/large' or 'acme/large-2'?")]
    public void The_hint_is_a_sentence_or_nothing(string name, string hint) =>
        Assert.Equal(hint, NearestNames.Hint(name, Names.Take(4)));

    [Fact]
    public void A_hint_with_three_names_reads_like_a_sentence() =>
        Assert.Equal(" Did you mean 'm1', 'm2' or 'm3'?", NearestNames.Hint("m", ["m3", "m2", "m1", "m4"]));
}
