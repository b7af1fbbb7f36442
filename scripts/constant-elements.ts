import { type AnalyzedClass, type Described, type Member, type SourceFile, ts } from './analyzer.ts';

type Node = Parameters<typeof ts.getJSDocTags>[0];
type MethodSignature = ReturnType<(typeof ts.factory)['createMethodSignature']>;

/**
 * The elements whose class a function makes, which the analyzer doesn't see: `export const MillX = …` with a `@tag`. What
 * can be called of them is said by the interface behind the type of the same name.
 */
export function constantElements(modules: readonly SourceFile[]): (AnalyzedClass & { path: string })[] {
  const interfaces = new Map(
    modules.flatMap(({ statements }) => statements.filter(ts.isInterfaceDeclaration)).map((one) => [one.name.text, one]),
  );
  return modules.flatMap((module) =>
    module.statements.flatMap((statement) => {
      const tagName = tagged(statement, 'tag')[0];
      if (!ts.isVariableStatement(statement) || tagName === undefined) return [];
      const name = statement.declarationList.declarations[0]!.name.getText();
      const instance = interfaces.get(instanceOf(module, name));
      return {
        kind: 'class',
        path: module.fileName,
        name,
        tagName,
        description: commentOf(statement),
        attributes: tagged(statement, 'attr').map(describedBy),
        events: tagged(statement, 'fires').map(describedBy),
        cssParts: tagged(statement, 'csspart').map(describedBy),
        cssProperties: tagged(statement, 'cssprop').map(describedBy),
        members: (instance?.members ?? []).flatMap((member) => (ts.isMethodSignature(member) ? [methodOf(member)] : [])),
      };
    }),
  );
}

/** The interface that `type MillX = …` names. */
function instanceOf({ statements }: SourceFile, name: string): string {
  const alias = statements.filter(ts.isTypeAliasDeclaration).find((one) => one.name.text === name);
  return alias?.type.getText() ?? '';
}

function methodOf(signature: MethodSignature): Member {
  return {
    kind: 'method',
    name: signature.name.getText(),
    description: commentOf(signature),
    parameters: signature.parameters.map(({ name, type }) => ({ name: name.getText(), type: { text: type!.getText() } })),
    return: { type: { text: signature.type!.getText() } },
  };
}

/** What stands behind each tag of that name, in one line. */
const tagged = (node: Node, name: string) =>
  ts
    .getJSDocTags(node)
    .filter(({ tagName }) => tagName.text === name)
    .map(({ comment }) => oneLine(ts.getTextOfJSDocComment(comment)));

const commentOf = (node: Node): string =>
  oneLine(ts.getTextOfJSDocComment(ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.comment));

const oneLine = (text = '') => text.replace(/\s+/g, ' ').trim();

/** Reads `{type} [name=default] - description`. */
function describedBy(text: string): Described {
  const [, type, optional, plain, description] = /^(?:\{(.*?)\}\s+)?(?:\[(.*?)\]|(\S+))(?:\s+-\s+(.*))?$/.exec(text)!;
  const [name, fallback] = (optional ?? plain)!.split('=');
  return {
    name: name!,
    ...(type !== undefined && { type: { text: type } }),
    ...(fallback !== undefined && { default: fallback }),
    ...(description !== undefined && { description }),
  };
}
