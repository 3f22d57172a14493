using System.Xml.Linq;
using MeaiRouter.Packaging.Tests.Running;

namespace MeaiRouter.Packaging.Tests.Packing;

/// <summary>All packages, packed from one commit of the tree as it is, twice and in different folders.</summary>
/// <remarks>
/// Where the feeds have the real Microsoft.Extensions.AI it is what the packages are built against. Where they do not, the stand-in goes under
/// its name into a feed of the scratch folder, which nothing leaves: the refusal to pack it stays in force everywhere else.
/// </remarks>
public sealed class PackedSet : IAsyncLifetime, IDisposable
{
    public const string Version = "0.1.0-scratch.1";
    public const string RepositoryUrl = "https://github.com/acme/meairouter";

    private const string MicrosoftExtensionsAI = "Microsoft.Extensions.AI";

    private readonly Scratch _scratch = new();

    /// <summary>The commit that was packed.</summary>
    public string Commit { get; private set; } = "";

    /// <summary>What the packages were built against, as a test says in its output.</summary>
    public string BuiltAgainst { get; private set; } = "";

    internal Scratch Scratch => _scratch;

    /// <summary>The packages of the second packing.</summary>
    public string Again => _scratch.Folder("again");

    public async Task InitializeAsync()
    {
        if (await HasRealPackageAsync())
        {
            BuiltAgainst = $"The packages were built against the feed's own {MicrosoftExtensionsAI}.";
        }
        else
        {
            await AddStandInToFeedAsync();
            BuiltAgainst = $"The feeds lack {MicrosoftExtensionsAI}; the packages were built against the stand-in, under its name in a feed of this test alone.";
        }

        var (first, second) = (_scratch.Folder("first"), _scratch.Folder(Path.Combine("second", "elsewhere")));
        Commit = await CommitAsync(first);
        await _scratch.RunAsync(_scratch.Root, "git", "clone", "-q", first, second);
        await _scratch.RunAsync(second, "git", "remote", "set-url", "origin", RepositoryUrl + ".git");
        await PackAsync(first, _scratch.Feed);
        await PackAsync(second, Again);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _scratch.Dispose();

    public string Package(string id, string extension = "nupkg") => Path.Combine(_scratch.Feed, $"{id}.{Version}.{extension}");

    /// <summary>The version of each package that the tree names centrally.</summary>
    public static IReadOnlyDictionary<string, string> CentralVersions() => XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
        .Descendants("PackageVersion")
        .ToDictionary(static entry => entry.Attribute("Include")!.Value, static entry => entry.Attribute("Version")!.Value);

    private async Task<bool> HasRealPackageAsync()
    {
        var probe = _scratch.Folder("probe");
        Directory.CreateDirectory(probe);
        await File.WriteAllTextAsync(Path.Combine(probe, "probe.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="{MicrosoftExtensionsAI}" Version="{CentralVersions()[MicrosoftExtensionsAI]}" /></ItemGroup>
            </Project>
            """);
        return (await _scratch.TryAsync(probe, "dotnet", "restore", "-v", "q")).Code == 0;
    }

    private async Task AddStandInToFeedAsync()
    {
        var tree = _scratch.Folder("stand-in");
        Repository.CopyTo(tree, "tests/StandIns");
        await _scratch.RunAsync(
            tree, "dotnet", "pack", $"tests/StandIns/{MicrosoftExtensionsAI}", "-v", "q", "-c", "Release", "-o", _scratch.Feed,
            "-p:IsPackable=true", $"-p:Version={CentralVersions()[MicrosoftExtensionsAI]}", "-p:WarningsNotAsErrors=NU1507");
    }

    /// <summary>Commits all of src, as it is in the tree, to a repository of its own.</summary>
    /// <returns>The commit.</returns>
    private async Task<string> CommitAsync(string tree)
    {
        Repository.CopyTo(tree, "src");
        await File.WriteAllTextAsync(Path.Combine(tree, "pack.proj"), """
            <Project>
              <ItemGroup><Packable Include="src/*/*.csproj" /></ItemGroup>
              <Target Name="Restore"><MSBuild Projects="@(Packable)" Targets="Restore" /></Target>
              <Target Name="Pack"><MSBuild Projects="@(Packable)" Targets="Pack" BuildInParallel="true" /></Target>
            </Project>
            """);
        await _scratch.RunAsync(tree, "git", "init", "-q");
        await _scratch.RunAsync(tree, "git", "remote", "add", "origin", RepositoryUrl + ".git");
        await _scratch.RunAsync(tree, "git", "add", "-A");
        await _scratch.RunAsync(
            tree, "git", "-c", "user.name=Nobody", "-c", "user.email=nobody@localhost", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "The tree as it is");
        return (await _scratch.RunAsync(tree, "git", "rev-parse", "HEAD")).Trim();
    }

    private async Task PackAsync(string tree, string output)
    {
        string[] properties =
        [
            "-v:q", "-p:Configuration=Release", $"-p:Version={Version}", "-p:UseMicrosoftExtensionsAIPackage=true", "-p:ContinuousIntegrationBuild=true",
            $"-p:RepositoryUrl={RepositoryUrl}", $"-p:PackageOutputPath={output}", "-p:RunAnalyzers=false", "-p:WarningsNotAsErrors=NU1507",
        ];
        await _scratch.RunAsync(tree, "dotnet", ["msbuild", "pack.proj", "-t:Restore", .. properties]);
        await _scratch.RunAsync(tree, "dotnet", ["msbuild", "pack.proj", "-t:Pack", .. properties]);
    }
}
