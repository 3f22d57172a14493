using MeaiRouter.Packaging.Tests.Running;

namespace MeaiRouter.Packaging.Tests.PublicApi;

/// <summary>What packages offer stands in a file beside their code, so that no change of it goes unseen.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "MEAIROUTER_ACCEPT_PUBLIC_API";

    public static TheoryData<string> Packages => Repository.EachPackage;

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_api_of_a_package_is_the_one_in_its_file(string package)
    {
        var file = Path.Combine(Repository.Root, "src", package, "PublicAPI.txt");
        var actual = ApiListing.Of(Repository.Load(package));
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(file, string.Concat(actual.Select(static line => line + "\n")));

        var accepted = File.Exists(file) ? File.ReadAllLines(file) : [];
        string[] differences =
        [
            .. accepted.Except(actual, StringComparer.Ordinal).Select(static line => "- " + line),
            .. actual.Except(accepted, StringComparer.Ordinal).Select(static line => "+ " + line),
        ];

        Assert.True(
            differences.Length == 0,
            $"""
            The public API of {package} is not the one in src/{package}/PublicAPI.txt:
            {string.Join('\n', differences)}
            If that is as it should be, accept it: {Accept}=1 dotnet test tests/MeaiRouter.Packaging.Tests --filter PublicApi
            """);
        Assert.Equal(actual, accepted);
    }
}
