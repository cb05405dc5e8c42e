//! Where pages begin and end.

use super::protocol::Side;
use super::{Context, shapes};
use crate::ir::{Field, Items, Pages, Presence, Stop, Structure, Type, Way};
use crate::smithy::{Shape, ShapeId, ShapeKind};

/// The pages of an operation.
///
/// A pager of the runtime takes text as tokens, and an integer of the input as the size of a page. What a page lists is a
/// list or a map. Output tokens and items may lie within other structures (`Result.Token`). An operation whose tokens are
/// otherwise has no pager; one whose size or items are otherwise has one without them.
pub(super) fn pages(cx: &Context<'_>, operation: &Shape, input: &Structure) -> Option<Pages> {
    let said = cx.model.paginated(cx.service, operation)?;
    let (model_input, output) = operation.as_operation().map(|of| (&of.input, &of.output))?;
    let is_text = |field: &Field| field.of == Type::Text;
    let member = |name: &str| {
        let (_, name) = way(cx, model_input, Side::Request, name).filter(|(way, _)| way.through.is_empty())?;
        input.fields.iter().find(|field| field.name == name.name)
    };
    let token = member(said.input_token?).filter(|field| is_text(field))?;
    let (next_token, _) = way(cx, output, Side::Response, said.output_token?).filter(|(_, field)| is_text(field))?;
    let page_size = said.page_size.and_then(member).filter(|field| matches!(field.of, Type::Integer | Type::Long));
    let items = said.items.and_then(|name| way(cx, output, Side::Response, name));
    let items = items.filter(|(_, field)| !field.boxed && matches!(field.of, Type::List(_) | Type::Map(_)));
    Some(Pages {
        token: token.name.clone(),
        token_name: said.input_token?.to_owned(),
        next_token,
        page_size: page_size.map(|field| field.name.clone()),
        items: items.map(|(way, field)| Items { way, of: field.of }),
    })
}

/// The way to a member, by the names of the model, and its field.
fn way(cx: &Context<'_>, structure: &ShapeId, side: Side, path: &str) -> Option<(Way, Field)> {
    let (mut at, mut side, mut through) = (structure, side, Vec::new());
    let mut names = path.split('.').peekable();
    loop {
        let name = names.next()?;
        let shape = cx.model.get(at).filter(|shape| matches!(shape.kind, ShapeKind::Structure(_)))?;
        let member = shape.members().into_iter().find(|member| member.name == name)?;
        let field = shapes::field(cx, shape, member, side)?;
        let stop = Stop { field: field.name.clone(), optional: field.presence == Presence::Optional };
        if names.peek().is_none() {
            return Some((Way { through, to: stop }, field));
        }
        through.push(stop);
        (at, side) = (&member.target, Side::Nested);
    }
}
