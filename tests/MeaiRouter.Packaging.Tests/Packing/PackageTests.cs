using System.IO.Compression;
using System.Reflection.Metadata;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MeaiRouter.Packaging.Tests.Running;
using Xunit.Abstractions;

namespace MeaiRouter.Packaging.Tests.Packing;

/// <summary>What users get from a feed, and that they can use it.</summary>
public sealed class PackageTests(PackedSet packed, ITestOutputHelper output) : IClassFixture<PackedSet>
{
    // Portable PDB specification, "Source Link".
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    public static TheoryData<string> Packages => Repository.EachPackage;

    // The gateway's assembly comes out differently in another folder, for a reason that is not known yet.
    public static TheoryData<string> Reproducible => [.. Repository.Packages.Where(static id => id != "MeaiRouter.Gateway")];

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_says_what_it_is_and_shows_an_icon_and_a_readme(string id)
    {
        using var package = ZipFile.OpenRead(packed.Package(id));
        var metadata = Metadata(package, id);

        Assert.Equal(
            (id, PackedSet.Version, "MIT", "icon.png", "README.md"),
            (Value(metadata, "id"), Value(metadata, "version"), Value(metadata, "license"), Value(metadata, "icon"), Value(metadata, "readme")));
        Assert.NotEqual("Package Description", Value(metadata, "description"));
        var repository = metadata.Element(metadata.Name.Namespace + "repository")!;
        Assert.Equal(
            ("git", PackedSet.RepositoryUrl, packed.Commit),
            (repository.Attribute("type")?.Value, repository.Attribute("url")?.Value, repository.Attribute("commit")?.Value));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, "src", "icon.png")), Bytes(package, "icon.png"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, "src", id, "README.md")), Bytes(package, "README.md"));
        Assert.NotEmpty(Bytes(package, $"lib/net10.0/{id}.dll"));
        Assert.NotEmpty(Bytes(package, $"lib/net10.0/{id}.xml"));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_depends_on_what_the_tree_names_in_the_versions_it_names(string id)
    {
        using var package = ZipFile.OpenRead(packed.Package(id));
        var central = PackedSet.CentralVersions();

        Assert.All(Metadata(package, id).Descendants().Where(static element => element.Name.LocalName == "dependency"), dependency =>
        {
            var name = dependency.Attribute("id")!.Value;
            Assert.Equal(Repository.Packages.Contains(name) ? PackedSet.Version : central[name], dependency.Attribute("version")!.Value);
        });
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Symbols_lead_to_the_source_of_the_commit_and_hold_what_is_not_in_it(string id)
    {
        using var package = ZipFile.OpenRead(packed.Package(id, "snupkg"));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(package, $"lib/net10.0/{id}.pdb")));
        var symbols = provider.GetMetadataReader();

        var links = symbols.CustomDebugInformation.Select(symbols.GetCustomDebugInformation).Where(entry => symbols.GetGuid(entry.Kind) == SourceLink);
        Assert.Contains(
            $"https://raw.githubusercontent.com/acme/meairouter/{packed.Commit}/*",
            Encoding.UTF8.GetString(symbols.GetBlobBytes(Assert.Single(links).Value)), StringComparison.Ordinal);
        Assert.All(symbols.Documents, handle => Assert.StartsWith("/_/", symbols.GetString(symbols.GetDocument(handle).Name), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Reproducible))]
    public void Two_packings_of_one_commit_give_the_same_bytes(string id)
    {
        foreach (var extension in (string[])["nupkg", "snupkg"])
        {
            using var first = ZipFile.OpenRead(packed.Package(id, extension));
            using var second = ZipFile.OpenRead(Path.Combine(packed.Again, Path.GetFileName(packed.Package(id, extension))));

            Assert.Equal(Hashes(first), Hashes(second));
        }
    }

    [Fact]
    public async Task A_project_outside_the_repository_routes_and_prices_a_call_with_the_packages()
    {
        output.WriteLine(packed.BuiltAgainst);
        var consumer = packed.Scratch.Folder("consumer");
        Directory.CreateDirectory(consumer);
        await File.WriteAllTextAsync(Path.Combine(consumer, "consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(Repository.Packages.Select(static id => $"<PackageReference Include=\"{id}\" Version=\"{PackedSet.Version}\" />"))}
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(consumer, "Program.cs"), """
            using MeaiRouter.Routing;
            using MeaiRouter.Testing;
            using Microsoft.Extensions.AI;
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;

            await using var acme = await ScriptedProvider.StartAsync("acme");
            acme.ForModel("small-v1").Always(Reply.Text("Hello from a package").WithUsage(prompt: 1_000, completion: 100));

            var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["MeaiRouter:Providers:acme:BaseUrl"] = acme.BaseUrl.ToString(),
                ["MeaiRouter:Providers:acme:ApiKey"] = "k",
                ["MeaiRouter:Models:acme/small:Endpoints:0:Provider"] = "acme",
                ["MeaiRouter:Models:acme/small:Endpoints:0:Model"] = "small-v1",
                ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Prompt"] = "1",
                ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Completion"] = "10",
            }).Build();
            var services = new ServiceCollection();
            services.AddMeaiRouter(configuration);
            await using var provider = services.BuildServiceProvider();
            var client = provider.GetRequiredService<IChatClient>();

            var response = await client.GetResponseAsync("hi", new() { ModelId = "acme/small" });

            Console.WriteLine(client.DescribePipeline());
            Console.WriteLine($"{response.Text} for {response.GetCost()}");
            """);

        var told = await packed.Scratch.RunAsync(consumer, "dotnet", "run", "-v", "q");

        Assert.Contains("RouterChatClient: strategy balanced, 1 model, 1 endpoint, no default model", told, StringComparison.Ordinal);
        Assert.Contains("Hello from a package for $0.002", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_built_against_the_stand_in_is_refused_everywhere_else()
    {
        var tree = packed.Scratch.Folder("refused");
        Repository.CopyTo(tree, "src", "tests/StandIns");

        var (code, told) = await packed.Scratch.TryAsync(
            tree, "dotnet", "pack", "src/MeaiRouter", "-v", "q", "-p:RunAnalyzers=false", "-p:WarningsNotAsErrors=NU1507", "-o", packed.Scratch.Folder("refused-output"));

        Assert.NotEqual(0, code);
        Assert.Contains("MeaiRouter is compiled against the stand-in for Microsoft.Extensions.AI and cannot be packed.", told, StringComparison.Ordinal);
        Assert.False(Directory.Exists(packed.Scratch.Folder("refused-output")));
    }

    private static XElement Metadata(ZipArchive package, string id)
    {
        using var stream = new MemoryStream(Bytes(package, $"{id}.nuspec"));
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    private static string? Value(XElement metadata, string name) => metadata.Element(metadata.Name.Namespace + name)?.Value;

    // What NuGet makes up anew for every package: the name of its core properties and the relations to them.
    private static SortedDictionary<string, string> Hashes(ZipArchive package) => new(
        package.Entries
            .Where(static entry => !entry.FullName.StartsWith("package/", StringComparison.Ordinal) && !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal))
            .ToDictionary(static entry => entry.FullName, entry => Convert.ToHexString(SHA256.HashData(Bytes(package, entry.FullName)))),
        StringComparer.Ordinal);

    private static byte[] Bytes(ZipArchive package, string name)
    {
        using var stream = (package.GetEntry(name) ?? throw new InvalidOperationException($"The package has no {name}.")).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
