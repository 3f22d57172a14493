using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace MeaiRouter.Snippets;

/// <summary>Makes a method of every <c>csharp</c> block in the documentation, so that a snippet that no longer compiles fails the build at its own line.</summary>
/// <remarks>
/// A block's directives, statements and types are taken apart; its free names are the members of the class <c>Given</c>. A block of <c>csharp needs PACKAGE</c>
/// is passed over: it shows what some feeds lack.
/// </remarks>
[Generator]
public sealed class SnippetGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var pages = context.AdditionalTextsProvider.Where(static file => file.Path.EndsWith(".md", StringComparison.Ordinal));
        context.RegisterSourceOutput(pages, static (output, page) =>
        {
            foreach (var block in CodeBlock.In(page.GetText(output.CancellationToken)!.ToString()))
                output.AddSource(NameOf(page.Path, block), SourceText.From(Compilable(page.Path, block), Encoding.UTF8));
        });
    }

    private static string Compilable(string path, CodeBlock block)
    {
        var unit = CSharpSyntaxTree.ParseText(block.Code, new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot();
        var code = new StringBuilder();
        foreach (var directive in unit.Usings)
            Write(directive);

        code.AppendLine("#line hidden").AppendLine("#nullable enable").AppendLine("namespace MeaiRouter.Snippets {").AppendLine($"file sealed class Block : Given {{");
        foreach (var type in unit.Members.Where(static member => member is not GlobalStatementSyntax))
            Write(type);

        code.AppendLine("#line hidden").AppendLine("public async System.Threading.Tasks.Task Run() { await System.Threading.Tasks.Task.CompletedTask;");
        foreach (var statement in unit.Members.OfType<GlobalStatementSyntax>())
            Write(statement);

        return code.AppendLine("#line hidden").AppendLine("} } }").ToString();

        void Write(SyntaxNode node)
        {
            var line = block.Line + node.SyntaxTree.GetLineSpan(node.FullSpan).StartLinePosition.Line;
            code.AppendLine($"#line {line} \"{path}\"").AppendLine(node.ToFullString());
        }
    }

    private static string NameOf(string path, CodeBlock block)
    {
        var folders = path.Split('/', '\\');
        return $"{string.Join(".", folders.Skip(Math.Max(0, folders.Length - 3)))}.{block.Line}.g.cs";
    }
}
